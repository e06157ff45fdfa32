import { EventEmitter, getEventListeners } from 'node:events';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { pino } from 'pino';
import { answerCaller } from '../../../sip/answered-call.js';
import { connectDialogs } from '../../../sip/connected-dialogs.js';
import type { Invitation } from '../../../sip/caller.js';
import { Keypad } from '../../../sip/ivr/keypad.js';
import { STAND_IN_OFFER } from '../../../sip/media/late-offer.js';
import type { MediaEndpoint } from '../../../sip/media/media-endpoint.js';
import type { Dialog } from '../../../sip/sip-messages.js';

class StandInDialog extends EventEmitter {
  connected = true;

  destroy(): Promise<void> {
    this.connected = false;
    return Promise.resolve();
  }
}

const asDialog = (dialog: StandInDialog): Dialog => dialog as unknown as Dialog;

test('a caller without an offer who answers nothing leaves no listener behind', async () => {
  const [lost, gone] = [new AbortController(), new AbortController()];
  const caller = new StandInDialog();
  const server = {
    lost: lost.signal,
    answer: (...[, , , prepare]: [unknown, unknown, unknown, (dialog: Dialog) => void]) => {
      prepare(asDialog(caller));
      setImmediate(() => caller.emit('ack', { body: '', protocol: 'udp', source_address: source.address }));
      return Promise.resolve(asDialog(caller));
    },
  };
  const endpoint = { localSdp: STAND_IN_OFFER, gone: gone.signal } as unknown as MediaEndpoint;
  const source = { protocol: 'udp', address: '192.0.2.1', port: 5060 };
  const invitation = { server, caller: { source } } as unknown as Invitation;
  const log = pino({ level: 'silent' });
  assert.equal(await answerCaller(invitation, endpoint, null, new Keypad(), log), null);
  assert.equal(caller.connected, false, 'he is hung up on');
  for (const signal of [lost.signal, gone.signal]) assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('a side that has hung up before the two were connected ends the other', () => {
  for (const isLeft of [true, false]) {
    const [gone, left] = [new StandInDialog(), new StandInDialog()];
    gone.connected = false;
    connectDialogs(asDialog(isLeft ? gone : left), asDialog(isLeft ? left : gone));
    assert.equal(left.connected, false);
  }
});
