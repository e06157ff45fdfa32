import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  buildAck,
  buildRequest,
  createUacDialog,
  createUasDialog,
  dialogId,
  dialogIdOfRequest,
  dialogNextHop,
  noteRequest,
  refreshTarget,
  noteResponse,
} from '../../../telephony/sip/dialog.js';
import { createRequest, createResponse } from '../../../telephony/sip/message.js';

const INVITE = createRequest({
  method: 'INVITE',
  uri: 'sip:bob@biloxi.com',
  headers: {
    From: 'Alice <sip:alice@atlanta.com>;tag=1928301774',
    To: 'Bob <sip:bob@biloxi.com>',
    'Call-ID': 'a84b4c76e66710',
    CSeq: '314159 INVITE',
    Contact: '<sip:alice@pc33.atlanta.com>',
    'Record-Route': ['<sip:p2.biloxi.com;lr>, <sip:p1.atlanta.com;lr>'],
    Authorization: 'Digest username="alice"',
  },
});
const OK = createResponse(INVITE, 200, { toTag: 'a6c85cf', headers: { Contact: '<sip:bob@192.0.2.4>' } });
const dialogs = () => {
  const [uac, uas] = [createUacDialog(INVITE, OK), createUasDialog(INVITE, OK)];
  assert.ok(uac !== undefined && uas !== undefined);
  return { uac, uas };
};

test('both ends of a dialog mirror each other (RFC 3261 12.1)', () => {
  const { uac, uas } = dialogs();
  assert.deepEqual([uac.localTag, uac.remoteTag], [uas.remoteTag, uas.localTag]);
  assert.equal(uac.remoteTarget, 'sip:bob@192.0.2.4');
  assert.equal(uas.remoteTarget, 'sip:alice@pc33.atlanta.com');
  assert.deepEqual(uac.routeSet, ['<sip:p1.atlanta.com;lr>', '<sip:p2.biloxi.com;lr>']);
  assert.deepEqual(uas.routeSet, ['<sip:p2.biloxi.com;lr>', '<sip:p1.atlanta.com;lr>']);
  assert.deepEqual([uac.localSequence, uas.remoteSequence], [314159, 314159]);
  assert.deepEqual(
    [uac.state, createUacDialog(INVITE, createResponse(INVITE, 180, { toTag: 'x' }))?.state],
    ['confirmed', 'early'],
  );
});

test('a request built at one end is found at the other', () => {
  const { uac, uas } = dialogs();
  const bye = buildRequest(uac, { method: 'BYE', headers: { Reason: 'Q.850;cause=16', CSeq: '1 HACK' } });
  assert.equal(dialogIdOfRequest(bye), dialogId(uas));
  assert.equal(bye.uri, 'sip:bob@192.0.2.4');
  assert.equal(bye.headers.get('CSeq'), '314160 BYE');
  assert.equal(bye.headers.get('Reason'), 'Q.850;cause=16');
  assert.deepEqual(bye.headers.all('Route'), uac.routeSet);
  assert.equal(bye.headers.has('Contact'), false);
  assert.equal(dialogNextHop(uac), 'sip:p1.atlanta.com;lr');
  assert.equal(dialogIdOfRequest(INVITE), undefined, 'no To tag: outside of any dialog');
});

test('a strict router gets the Request-URI, the target goes to the end of the routes', () => {
  const strict = createResponse(INVITE, 200, {
    toTag: 'x',
    headers: {
      'Record-Route': '<sip:p2.biloxi.com;lr>, <sip:old.atlanta.com>',
      Contact: '<sip:bob@192.0.2.4>',
    },
  });
  const dialog = createUacDialog(INVITE, strict);
  assert.ok(dialog !== undefined);
  const info = buildRequest(dialog, { method: 'INFO' });
  assert.equal(info.uri, 'sip:old.atlanta.com');
  assert.deepEqual(info.headers.all('Route'), ['<sip:p2.biloxi.com;lr>', '<sip:bob@192.0.2.4>']);
  assert.equal(dialogNextHop(dialog), 'sip:old.atlanta.com');
});

test('the ACK has the CSeq number and the credentials of its INVITE', () => {
  const { uac } = dialogs();
  buildRequest(uac, { method: 'INFO' });
  const ack = buildAck(uac, INVITE, { headers: { 'Content-Type': 'application/sdp' }, body: 'v=0' });
  assert.equal(ack.headers.get('CSeq'), '314159 ACK');
  assert.equal(ack.headers.get('Authorization'), 'Digest username="alice"');
  assert.equal(ack.body.toString(), 'v=0');
});

const request = (method: string, sequence: number, contact: string) =>
  createRequest({ method, uri: 'sip:x', headers: { CSeq: `${sequence} ${method}`, Contact: contact } });

test('an older CSeq is out of order; an INVITE that is accepted moves the target, an INFO does not', () => {
  const { uas } = dialogs();
  assert.equal(noteRequest(uas, request('INFO', 314158, '<sip:old>')), 'out-of-order');
  assert.equal(noteRequest(uas, request('INFO', 314170, '<sip:info@h>')), 'accepted');
  refreshTarget(uas, request('INFO', 314170, '<sip:info@h>'));
  assert.equal(noteRequest(uas, request('INVITE', 314171, '<sip:new@h>')), 'accepted');
  assert.equal(uas.remoteTarget, 'sip:alice@pc33.atlanta.com');
  refreshTarget(uas, request('INVITE', 314171, '<sip:new@h>'));
  assert.equal(uas.remoteTarget, 'sip:new@h');
  assert.equal(noteRequest(uas, request('ACK', 1, '<sip:x>')), 'accepted');
});

test('a 2xx to a re-INVITE moves the target and confirms', () => {
  const early = createUacDialog(INVITE, createResponse(INVITE, 180, { toTag: 'x' }));
  assert.ok(early !== undefined);
  assert.equal(early.remoteTarget, INVITE.uri, 'no Contact yet: where the request went');
  noteResponse(early, OK);
  assert.deepEqual([early.state, early.remoteTarget], ['confirmed', 'sip:bob@192.0.2.4']);
});

test('without Contact there is no dialog at the callee', () => {
  const bare = { ...INVITE, headers: INVITE.headers.clone() };
  bare.headers.delete('Contact');
  assert.equal(createUasDialog(bare, OK), undefined);
});
