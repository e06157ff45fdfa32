/**
 * What time phones show, in every zone there is, compared with the zone's own clock as this runtime
 * knows it.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VendorId } from '../../../src/domain/vendor-id.js';
import { LISTED_ZONES, listedZone } from '../../../src/vendors/gigaset/n870/time-zones.js';
import { zoneRules } from '../../../src/vendors/time-zone.js';
import { type PhoneClock, READERS, shownOffset } from './phone-clocks.js';
import { RenderedPhone } from './rendered-phone.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGIN = Date.UTC(2026, 11, 1, 12);
/** Often enough to meet every Ramadan of the coming years; and once a month far ahead. */
const DATES = [
  ...Array.from({ length: 3 * 16 }, (_, at) => BEGIN + at * 22.8 * DAY),
  ...Array.from({ length: 12 }, (_, at) => Date.UTC(2038, 0, 1, 5) + at * 30.5 * DAY),
];

const formats = new Map<string, Intl.DateTimeFormat>();

/** The offset of a zone from UTC, in minutes, by reading its wall clock. */
function ownOffset(zone: string, instant: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  const parts = format.formatToParts(instant);
  const [year, month, day, hour, minute, second] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((type) => Number(parts.find((part) => part.type === type)?.value));
  const wall = Date.UTC(year!, month! - 1, day, hour, minute, second);
  return Math.round((wall - instant) / 60_000);
}

/** Of all zones with the same clock on all dates, one; most of the several hundred are twins. */
const ZONES = [
  ...new Map(
    [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Kolkata', 'Etc/GMT+12', 'Etc/GMT-14'].map((zone) => [
      DATES.map((date) => ownOffset(zone, date)).join(),
      zone,
    ]),
  ).values(),
  'Africa/Casablanca',
];

const clocks = new Map<string, PhoneClock>();

async function clockOf(
  [reader, vendor, model]: readonly [string, VendorId, string],
  timezone: string,
  date: number,
): Promise<PhoneClock> {
  const at = new Date(date);
  // The same rules are written alike; most dates have them.
  const key = [reader, JSON.stringify(zoneRules(timezone, at))].join();
  let clock = clocks.get(key);
  if (clock === undefined) {
    const phone = new RenderedPhone(vendor, model);
    await phone.minimal({ timezone, at });
    clock = READERS[reader]!((name) => phone.settings.get(name), [...phone.settings.keys()]);
    clocks.set(key, clock);
  }
  return clock;
}

/** The numbers of two zones by their offset. */
const WESTERN: Readonly<Record<number, string>> = { 0: '0x1a', 60: '0x1b' };

/** Which family's clock, and the model that it is of. */
const CLOCKS = [
  ['yealink', 'yealink', 'T31P'],
  ['snom', 'snom', 'D120'],
  ['poly', 'poly', 'VVX101'],
  ['cisco', 'cisco', 'PAP2T'],
  ['ciscoRouter', 'cisco', 'ATA191'],
  ['patton', 'patton', 'SN4112'],
  ['grandstream', 'grandstream', 'HT801'],
  ['fanvil', 'fanvil', 'X1S'],
  ['panasonic', 'panasonic', 'KX-HDV100'],
] as const;

/** Offsets for which an ATA's router has no zone: it has the next lower one. */
const isRoughly = (reader: string, zone: string, offset: number): boolean =>
  reader === 'ciscoRouter' && (offset % 60 !== 0 || offset > 720 || zone === 'Australia/Lord_Howe');

describe('the clock of a phone', () => {
  for (const of of CLOCKS) {
    const [reader, , model] = of;
    test(`${reader} (${model}) shows the time of every zone, on every day of the coming years`, async () => {
      for (const zone of ZONES) {
        for (const date of DATES) {
          const clock = await clockOf(of, zone, date);
          const [shown, own] = [shownOffset(clock, date), ownOffset(zone, date)];
          if (isRoughly(reader, zone, own))
            assert.ok(
              own - shown >= 0 && own - shown <= Math.max(60, own - 720),
              `${zone}: ${shown}, not ${own}`,
            );
          else assert.equal(shown, own, `${zone} ${new Date(date).toISOString()}`);
          // Switched off for a fortnight, or out of reach of its server, it is still right.
          const later = date + 13 * DAY;
          const isSaid = clock.summer !== null || ownOffset(zone, later) === own;
          if (isSaid && !isRoughly(reader, zone, own))
            assert.equal(
              shownOffset(clock, later),
              ownOffset(zone, later),
              `${zone} ${new Date(later).toISOString()}`,
            );
        }
      }
    });
  }

  test('of a base that knows places shows the time of one that has the same', async () => {
    const phone = new RenderedPhone('gigaset', 'N610');
    await phone.minimal({ timezone: 'Asia/Dubai' });
    assert.equal(phone.settings.get('DmGlobal.0.TimeZone'), 'Asia/Dubai');
    for (const zone of ZONES) {
      for (const date of DATES.filter((_, at) => at % 3 === 0)) {
        const place = listedZone({ timezone: zone, at: new Date(date) });
        const own = ownOffset(zone, date);
        if (place === null)
          assert.ok(!LISTED_ZONES.some((listed) => ownOffset(listed, date) === own), `${zone} has no place`);
        else assert.equal(ownOffset(place, date), ownOffset(zone, date), `${zone}: ${place}`);
      }
    }
  });

  test('of a base that knows numbers is changed by itself only where its rule is the zone’s', async () => {
    for (const [model, zoneName, summerName] of [
      ['N510', 'BS_IP_Data1.uiI_TIME_TIMEZONE', 'BS_IP_Data1.ucB_TIME_USE_AUTOMATIC_DST'],
      ['N720', 'BS_IP_Data.uiI_TIME_TIMEZONE', 'BS_IP_Data.ucB_TIME_USE_AUTOMATIC_DST'],
    ] as const) {
      for (const [timezone, date, ...said] of [
        ['Europe/Berlin', '2026-12-01', '0x1b', '0x1'],
        ['Europe/Berlin', '2027-07-01', '0x1b', '0x1'],
        ['America/New_York', '2027-07-01', '0xd', '0x1'],
        // What Morocco's clock is depends on the zone data that a version of Node brings.
        [
          'Africa/Casablanca',
          '2026-12-01',
          WESTERN[ownOffset('Africa/Casablanca', Date.UTC(2026, 11, 1))]!,
          '0x0',
        ],
        [
          'Africa/Casablanca',
          '2027-02-20',
          WESTERN[ownOffset('Africa/Casablanca', Date.UTC(2027, 1, 20))]!,
          '0x0',
        ],
        ['Africa/Cairo', '2026-12-01', '0x20', '0x0'],
        ['Africa/Cairo', '2027-07-01', '0x28', '0x0'],
        ['Asia/Tokyo', '2027-07-01', '0x3d', '0x0'],
      ] as const) {
        const phone = new RenderedPhone('gigaset', model);
        await phone.minimal({ timezone, at: new Date(date) });
        assert.deepEqual(
          [phone.settings.get(zoneName), phone.settings.get(summerName)],
          said,
          `${model} ${timezone}`,
        );
      }
    }
  });

  test('is written alike on all dates where its rule lasts', () => {
    const written = new Map<string, Set<string>>();
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const ways = new Set(
        Array.from({ length: 3 * 12 }, (_, at) => new Date(BEGIN + at * 30 * DAY)).map((at) => {
          const { presentMinutes: _, ...rules } = zoneRules(zone, at)!;
          return JSON.stringify(rules);
        }),
      );
      if (ways.size > 1) written.set(zone, ways);
    }
    // Those that follow the moon, and a few whose date is not the same weekday of the month in
    // every year.
    assert.ok(written.size < 15, [...written.keys()].join());
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Sydney', 'Asia/Tehran'])
      assert.ok(!written.has(zone), zone);
  });
});
