import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { DuplicateDigits } from '../../../sip/ivr/duplicate-digits.js';
import { readInfo } from '../../../sip/ivr/info-digit.js';
import { Keypad } from '../../../sip/ivr/keypad.js';

describe('the keypad', () => {
  let now = 0;
  const never = new AbortController().signal;
  beforeEach(() => {
    now = 100_000;
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => mock.timers.reset());

  const turn = async (milliseconds: number): Promise<void> => {
    for (let gone = 0; gone < milliseconds; gone += 10) {
      now += 10;
      mock.timers.tick(10);
      await Promise.resolve();
    }
  };
  const keypad = (): Keypad => new Keypad(() => now);
  const key = async (pad: Keypad, keys: string): Promise<void> => {
    for (const one of keys) {
      pad.press(one, 'rtp');
      await turn(100);
    }
  };

  test('an entry is there with its #, or when the clock has passed the pause', async () => {
    const pad = keypad();
    const first = pad.nextEntry({ fullDigits: 6, askedAt: now }, never);
    await key(pad, '123456#');
    assert.equal(await first, '123456');
    const second = pad.nextEntry({ fullDigits: 6, askedAt: now }, never);
    await key(pad, '654321');
    await turn(1500);
    assert.equal(await second, '654321');
  });

  test('keys are kept while nobody reads', async () => {
    const pad = keypad();
    await key(pad, '11#2');
    assert.equal(pad.hasBegun, true);
    assert.equal(await pad.nextEntry({ fullDigits: 2, askedAt: now }, never), '11');
    const second = pad.nextEntry({ fullDigits: 2, askedAt: now }, never);
    await key(pad, '2#');
    assert.equal(await second, '22');
    assert.equal(pad.hasBegun, false);
  });

  test('a listener hears of each key at once, and of none that is no key or came already', () => {
    const pad = keypad();
    const heard: string[] = [];
    pad.notify((one) => heard.push(one));
    for (const one of ['1', 'A', 'flash', '', '#']) pad.press(one, 'rtp');
    pad.press('1', 'info');
    pad.notify(null);
    pad.press('5', 'rtp');
    assert.deepEqual(heard, ['1', '#']);
  });

  test('silence is an empty entry, and a caller who has gone ends the waiting', async () => {
    const pad = keypad();
    const silence = pad.nextEntry({ fullDigits: 6, askedAt: now }, never);
    await turn(7000);
    assert.equal(await silence, '');
    const gone = new AbortController();
    const waiting = pad.nextEntry({ fullDigits: 6, askedAt: now }, gone.signal);
    gone.abort();
    assert.equal(await waiting, null);
    assert.equal(await pad.nextEntry({ fullDigits: 6, askedAt: now }, gone.signal), null);
  });

  test('a stuck key does not fill the memory', async () => {
    const pad = keypad();
    for (let n = 0; n < 100_000; n++) pad.press('7', 'rtp');
    const entry = await pad.nextEntry({ fullDigits: 6, askedAt: now + 1 }, AbortSignal.abort());
    assert.equal(entry, null);
    const read = pad.nextEntry({ fullDigits: 6, askedAt: now }, never);
    await turn(1500);
    assert.ok((await read)!.length <= 64);
  });
});

describe('digits that come by two ways', () => {
  test('the same digit from another source is the same press', () => {
    const digits = new DuplicateDigits();
    assert.equal(digits.isDuplicate('1', 'rtp', 0), false);
    assert.equal(digits.isDuplicate('1', 'info', 80), true);
    assert.equal(digits.isDuplicate('1', 'in-band', 120), true);
  });

  test('two fast presses stay two, in whatever order their copies come', () => {
    const digits = new DuplicateDigits();
    const events: [string, number][] = [
      ['rtp', 0],
      ['rtp', 150],
      ['info', 200],
      ['info', 250],
    ];
    assert.deepEqual(
      events.map(([source, at]) => digits.isDuplicate('1', source, at)),
      [false, false, true, true],
    );
  });

  test('a key that is held down is one press, though one way tells of it at once and another when it is let go', () => {
    const digits = new DuplicateDigits();
    assert.equal(digits.isDuplicate('7', 'info', 0), false);
    assert.equal(digits.isDuplicate('7', 'rtp', 5000, 5000), true);
    assert.equal(digits.isDuplicate('7', 'in-band', 5040, 4990), true);
    assert.equal(digits.isDuplicate('7', 'rtp', 5400, 100), false, 'the next press');
    assert.equal(digits.isDuplicate('7', 'info', 5300), true);
  });

  test('how long it was held does not make one of two presses', () => {
    const digits = new DuplicateDigits();
    assert.equal(digits.isDuplicate('7', 'info', 0), false);
    assert.equal(digits.isDuplicate('7', 'rtp', 5000, 3000), false, 'it began two seconds later');
  });

  test('one source repeats a digit as often as it likes, and after a second another may too', () => {
    const digits = new DuplicateDigits();
    assert.deepEqual(
      [0, 100, 200].map((at) => digits.isDuplicate('5', 'rtp', at)),
      [false, false, false],
    );
    assert.equal(digits.isDuplicate('5', 'info', 1500), false);
  });
});

describe('keys in SIP INFO', () => {
  const keysOf = (type: string, body: string): string | null => {
    const read = readInfo(type, body);
    return read.kind === 'keys' ? read.keys : null;
  };

  test('are read in every form that phones have, with * and # in both spellings', () => {
    const nortel = 'p=Digit-Collection\r\ny=Digits\r\ns=success\r\nu=12345678\r\ni=87654321\r\nd=';
    for (const [type, body, keys] of [
      ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
      ['Application/DTMF-Relay; charset=utf-8', 'Duration=100\r\nSignal = #\r\n', '#'],
      ['application/dtmf-relay', 'Signal= 5\nDuration= 160', '5'],
      ['application/dtmf-relay', 'signal=*', '*'],
      ['application/dtmf-relay', 'SIGNAL: 0', '0'],
      ['application/dtmf-relay', 'Signal=10', '*'],
      ['application/dtmf-relay', 'Signal=11\r\n', '#'],
      ['application/dtmf', '7', '7'],
      ['application/dtmf', ' 11\r\n', '#'],
      ['application/dtmf', '*', '*'],
      ['application/dtmf', 'd=5', '5'],
      ['application/dtmf', 'D=10\r\n', '*'],
      ['application/dtmf', 'Signal=5', '5'],
      ['application/vnd.nortelnetworks.digits', `${nortel}5`, '5'],
      ['application/vnd.nortelnetworks.digits', `${nortel}123456#\r\n`, '123456#'],
      ['application/vnd.nortelnetworks.digits', `${nortel}11`, '11'],
    ] as const) {
      assert.equal(keysOf(type, body), keys, body);
    }
  });

  test('everything else is none, and said to be so; a body that is none asks for nothing', () => {
    for (const [type, body] of [
      ['application/dtmf', '12'],
      ['application/dtmf', 'd='],
      ['application/dtmf-relay', 'Signal=16'],
      ['application/dtmf-relay', 'Signal=A'],
      ['application/dtmf-relay', 'Duration=160'],
      ['application/vnd.nortelnetworks.digits', 'p=Digit-Collection'],
      ['text/plain', '5'],
      ['application/media_control+xml', '<media_control/>'],
    ] as const) {
      assert.equal(readInfo(type, body).kind, 'unsupported', body);
    }
    assert.equal(readInfo('application/dtmf-relay', '').kind, 'nothing');
    assert.equal(readInfo(undefined, undefined).kind, 'nothing');
  });
});
