/**
 * What became of emergency calls is told for as long as it takes, in order, and never more is kept
 * than there is room for.
 */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { pino } from 'pino';
import { EmergencyReports, type EmergencyNews } from '../../../sip/emergency/emergency-reports.js';
import { InternalAppUnavailable } from '../../../sip/internal-client.js';

const SOURCE = { protocol: 'udp', address: '192.0.2.1', port: 5060 };

function news(target: string): EmergencyNews {
  const report = {
    user: null,
    dialled: '112',
    source: SOURCE,
    target,
    outcome: 'connected',
    status: 200,
  } as const;
  return { kind: 'call', report };
}

function start(refuse: (target: string) => InternalAppUnavailable | null) {
  const told: (string | null)[] = [];
  const logged: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => logged.push(line) });
  const tell = async ({ target }: { target: string | null }): Promise<void> => {
    const refusal = refuse(target ?? '');
    if (refusal !== null) throw refusal;
    told.push(target);
  };
  return {
    told,
    logged,
    reports: new EmergencyReports({ reportEmergency: tell, reportEmergencyEnd: tell }, log),
  };
}

const away = new InternalAppUnavailable('POST', 'status 500', 500);
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};

test('what cannot be told is told later, in order', async () => {
  let isAway = true;
  const { told, logged, reports } = start(() => (isAway ? away : null));
  reports.add(news('a'));
  reports.add(news('b'));
  await settle();
  assert.deepEqual(told, []);
  isAway = false;
  reports.add(news('c'));
  await reports.close(5000);
  assert.deepEqual(told, ['a', 'b', 'c']);
  assert.deepEqual(logged, []);
});

test('what the internal app will never take does not keep the others', async () => {
  const { told, logged, reports } = start((target) =>
    target === 'bad' ? new InternalAppUnavailable('POST', 'status 400', 400) : null,
  );
  for (const target of ['bad', 'good']) reports.add(news(target));
  await reports.close(1000);
  assert.deepEqual(told, ['good']);
  assert.equal(logged.length, 1);
});

test('a thousand are kept; the oldest are given up for newer ones, and at the end all that is left, with a line in the log for each', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { told, logged, reports } = start(() => away);
    for (let i = 0; i < 1003; i++) reports.add(news(`t${i}`));
    await settle();
    assert.equal(logged.length, 3);
    assert.match(logged[0] ?? '', /"target":"t0"/);
    const closing = reports.close(2000);
    // awaited time goes on turn by turn
    for (let ticks = 0; ticks < 25; ticks++) mock.timers.tick(100);
    await closing;
    assert.equal(logged.length, 1003);
    reports.add(news('late'));
    assert.equal(logged.length, 1004);
    assert.deepEqual(told, []);
  } finally {
    mock.timers.reset();
  }
});
