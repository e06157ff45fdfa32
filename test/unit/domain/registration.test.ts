import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { grantExpiry, isTooBrief, requestUriOf } from '../../../src/domain/registration.js';

describe('a registration', () => {
  test('is granted what was asked, five minutes at most', () => {
    assert.deepEqual([0, 1, 10, 299.9, 300, 301, 2 ** 32].map(grantExpiry), [0, 1, 10, 299, 300, 300, 300]);
  });

  test('is too brief below ten seconds, unless it is none', () => {
    assert.deepEqual([0, 1, 9, 10, 3600].map(isTooBrief), [false, true, true, false, false]);
  });

  test('is asked for by its contact without the headers that the contact names', () => {
    const uris = {
      'sip:a@h;transport=tcp': 'sip:a@h;transport=tcp',
      'sip:a@h;x=1?Route=%3Csip:b%3E&Subject=c': 'sip:a@h;x=1',
      'sip:h?Route=%3Csip:b%3E': 'sip:h',
      'sip:who?me@h': 'sip:who?me@h',
      'sip:who?me@h?Subject=c': 'sip:who?me@h',
    };
    for (const [contact, uri] of Object.entries(uris)) assert.equal(requestUriOf(contact), uri);
  });
});
