/**
 * The least that a drachtio application can do, to compare with: it grants every REGISTER, answers
 * every INVITE, and on `#` says what Dialgate says of a right PIN, hangs up and sends a NOTIFY a
 * second later. No credentials, no database, nothing is written down.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { EventSocketListener } from '../sip/media/event-socket-listener.js';
import { type EngineAddress, MediaServer } from '../sip/media/media-server.js';
import type { SipRequest, SipResponse } from '../sip/sip-messages.js';
import { SipServer } from '../sip/sip-server.js';
import { until } from '../test/support/wait-for.js';
import { ANNOUNCED, NOTIFY_DELAY_MS } from './announced.js';

interface BareOptions {
  drachtio: EngineAddress;
  freeswitch: EngineAddress;
  promptsDir: string;
  log: Logger;
}

/** A call to this number is answered without a media server. */
export const NO_MEDIA = 'no-media';
const ANSWER = [
  'v=0',
  'o=bare 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 9 RTP/AVP 8',
  'a=rtpmap:8 PCMA/8000',
  '',
].join('\r\n');
const LIMIT_MS = 20_000;

export async function startBareApplication(options: BareOptions): Promise<{ stop(): Promise<void> }> {
  const { drachtio, freeswitch, promptsDir, log } = options;
  const server = new SipServer(drachtio, () => undefined, log);
  const here = { host: '127.0.0.1', port: 0 };
  const listener = await EventSocketListener.open(here, [freeswitch.host], log);
  const media = new MediaServer(server.createUAC, freeswitch, listener, () => undefined, log);

  const talk = async (request: SipRequest, response: SipResponse): Promise<void> => {
    const made = await media.createEndpoint(request.body ?? '', LIMIT_MS);
    if (made.kind !== 'endpoint') return response.send(503);
    const { endpoint } = made;
    const keyed = new Promise<void>((resolve) =>
      endpoint.onDigit((key) => {
        if (key === '#') resolve();
      }),
    );
    const answer = { localSdp: endpoint.localSdp, headers: {} };
    const dialog = await server.answer(request, response, answer, (answered) =>
      answered.on('destroy', () => void endpoint.destroy()),
    );
    await keyed;
    for (const name of ANNOUNCED) {
      await endpoint.play(join(promptsDir, 'en', `${name}.wav`), LIMIT_MS, new AbortController().signal);
    }
    await Promise.all([dialog.destroy(), endpoint.destroy()]);
    await pause(NOTIFY_DELAY_MS);
    const contact = /<([^>]+)>/.exec(request.get('Contact') ?? '')?.[1] ?? '';
    await server.request(contact, { method: 'NOTIFY', headers: { Event: 'check-sync' } });
  };

  server.handle('REGISTER', (request, response) => {
    response.send(200, { headers: { Contact: `${request.get('Contact')};expires=300` } });
  });
  server.handle('INVITE', async (request, response) => {
    if (!request.uri.includes(NO_MEDIA)) return talk(request, response);
    await server.answer(request, response, { localSdp: ANSWER, headers: {} }, () => undefined);
  });
  server.connect();
  await until(() => server.ready && media.ready, { what: 'the bare application to be connected' });
  return {
    stop: async () => {
      await media.stop();
      await listener.close();
      await server.disconnect();
    },
  };
}
