import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Circumstances, type Progress, STAGES, stuckAt } from '../../../src/domain/progress.js';
import { addSeconds } from '../../../src/domain/time.js';

const START = new Date('2026-12-01T12:00:00Z');
const ABOUT: Circumstances = {
  state: 'needed',
  displayText: 'Authentication needed',
  failedUntil: null,
  suspendedUntil: null,
  asks: 'pap',
  isContested: false,
  provisioningUrl: 'https://provisioning.example',
  wrongInRow: 0,
  sipPort: 'UDP port 5060',
  resyncFailure: null,
};

/** A phone that reached each stage up to one, a minute after the one before. */
function reached(last: (typeof STAGES)[number]): Progress {
  const place = STAGES.indexOf(last);
  const times = STAGES.map((stage, index) => [
    `${stage}At`,
    index <= place ? addSeconds(START, index * 60) : null,
  ]);
  return Object.fromEntries(times) as Progress;
}

describe('where a phone is stuck', () => {
  for (const [index, stage] of STAGES.slice(0, -1).entries()) {
    it(`is after “${stage}”, within two minutes and not at once`, () => {
      const since = addSeconds(START, index * 60);
      const progress = reached(stage);
      assert.equal(stuckAt(progress, ABOUT, addSeconds(since, 60)), null);
      assert.notEqual(stuckAt(progress, ABOUT, addSeconds(since, 120)), null);
      const stuck = stuckAt(progress, ABOUT, addSeconds(since, 2 * 3600));
      assert.deepEqual([stuck?.stage, stuck?.since], [stage, since]);
      assert.match(stuck?.cause ?? '', /2 h ago/);
    });
  }

  it('is nowhere once it has its full configuration', () => {
    assert.equal(stuckAt(reached('full'), ABOUT, addSeconds(START, 86_400)), null);
    const byNetwork = { ...reached('contacted'), fullAt: START };
    assert.equal(stuckAt(byNetwork, ABOUT, addSeconds(START, 86_400)), null);
  });

  it('says what the operator can do about it', () => {
    const later = addSeconds(START, 86_400);
    const cause = (stage: (typeof STAGES)[number], about: Partial<Circumstances>) =>
      stuckAt(reached(stage), { ...ABOUT, ...about }, later)?.cause ?? '';
    assert.match(cause('minimal', {}), /never registered: is SIP \(UDP port 5060\) blocked\?/);
    assert.match(cause('called', { wrongInRow: 2 }), /wrong PINs in a row: 2/);
    assert.match(cause('called', { state: 'failed', failedUntil: later }), /^Locked .* until 2026-12-02T12/);
    assert.match(cause('called', { state: 'blocked' }), /only Reset Authentication/);
    assert.match(cause('minimal', { displayText: 'Authorize provisioning!' }), /Authorize provisioning/);
    assert.match(cause('created', {}), /pointed at https:\/\/provisioning\.example\/\?/);
    assert.match(cause('registered', { asks: 'code' }), /provisioning code of the line/);
    assert.match(cause('called', { asks: 'code' }), /no code was accepted/);
    assert.match(cause('minimal', { suspendedUntil: later }), /suspended until 2026-12-02T12.*restart/);
    assert.match(cause('minimal', { isContested: true }), /Several phones/);
    assert.match(cause('authenticated', {}), /not fetched: restart the phone/);
    assert.match(cause('authenticated', { resyncFailure: '480' }), /could not be told to fetch \(480\)/);
  });
});
