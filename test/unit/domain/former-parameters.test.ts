/** Free parameters that were taken away: remembered, and never shown. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formerParameters, rememberFormer, withoutFormer } from '../../../src/domain/former-parameters.js';

const set = (...names: string[]) => ({
  raw: { yealink: Object.fromEntries(names.map((name) => [name, 'x'])) },
});

describe('free parameters that were taken away', () => {
  it('are remembered, however often settings change thereafter', () => {
    const once = rememberFormer(set('b'), set('a', 'b'));
    assert.deepEqual(formerParameters([once], 'yealink'), ['a']);
    const twice = rememberFormer({ ntpServer: 'time.example' }, once);
    assert.deepEqual(formerParameters([twice], 'yealink'), ['a', 'b']);
    assert.deepEqual(formerParameters([twice], 'snom'), []);
    assert.deepEqual(withoutFormer(twice), { ntpServer: 'time.example' });
  });

  it('are forgotten where they are set again', () => {
    const again = rememberFormer(set('a'), rememberFormer({}, set('a', 'b')));
    assert.deepEqual(formerParameters([again], 'yealink'), ['b']);
    assert.deepEqual(withoutFormer(again), set('a'));
  });

  it('leave settings that never had any as they are', () => {
    const settings = { keys: [], raw: { yealink: { a: 'x' } } };
    assert.deepEqual(rememberFormer(settings, {}), settings);
    assert.deepEqual(rememberFormer(settings, settings), settings);
  });

  it('are those of all layers, each once', () => {
    const layers = [rememberFormer({}, set('a', 'b')), {}, rememberFormer({}, set('b', 'c'))];
    assert.deepEqual(formerParameters(layers, 'yealink'), ['a', 'b', 'c']);
  });

  it('are not more than a phone can be told of', () => {
    const names = Array.from({ length: 150 }, (_, at) => `name.${at}`);
    const former = formerParameters([rememberFormer({}, set(...names))], 'yealink');
    assert.deepEqual(former, names.slice(50));
  });
});
