/** The portal's sentences for events: one for each type, in both languages. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { runnerImport } from 'vite';
import { EVENT_TYPES } from '../../src/domain/events.js';
import { ROOT } from '../support/command.js';

interface Sentences {
  sentenceOf: (event: object, language: 'en' | 'de') => { text: string; detail: string };
}

const EVENT = {
  position: 7,
  id: '7',
  at: '2026-12-01T14:30:00.000Z',
  tenantId: null,
  mac: '80:5e:c0:11:22:33',
  actor: 'Hotline Berlin',
  address: '203.0.113.24',
};

/** What some events always have. */
const DATA = { failedUntil: '2026-12-01T15:00:00.000Z' };

describe('what the portal says of an event', () => {
  let sentenceOf: Sentences['sentenceOf'];
  before(async () => {
    const path = join(ROOT, 'portal/src/events/sentence.ts');
    ({ sentenceOf } = (await runnerImport<Sentences>(path, { root: join(ROOT, 'portal') })).module);
  });

  for (const type of EVENT_TYPES)
    it(`is a sentence for ${type}`, () => {
      for (const language of ['en', 'de'] as const) {
        const { text } = sentenceOf({ ...EVENT, type, data: DATA }, language);
        assert.notEqual(text, type, 'it is known');
        assert.match(text, /^\p{Lu}.{3,}/u);
        assert.doesNotMatch(text, /undefined|NaN|\[object/);
      }
    });

  it('names what its data says', () => {
    const say = (type: string, data: object, language: 'en' | 'de' = 'en'): string =>
      sentenceOf({ ...EVENT, type, data }, language).text;
    assert.equal(say('config.minimal', {}), 'Minimal configuration to 203.0.113.24');
    assert.equal(say('pap.wrong', { attemptsLeft: 2 }), 'Wrong PIN, 2 tries left');
    assert.equal(say('pap.wrong', { attemptsLeft: 1 }, 'de'), 'Falsche PIN, noch 1 Versuch');
    assert.equal(say('device.failed', { failedUntil: '2026-12-01T15:00:00.000Z' }), 'Locked for 30 minutes');
    assert.equal(say('device.blocked', {}), 'Blocked. Only an administrator opens it');
    assert.equal(say('pap.revealed', {}), 'PIN seen by Hotline Berlin');
  });
});
