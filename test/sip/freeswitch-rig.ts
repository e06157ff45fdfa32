/**
 * A media server under test with everything around it: drachtio, an application with the real
 * drachtio-fsmrf, and telephones.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import Srf from 'drachtio-srf';

import { startDrachtio } from '../../embedded/drachtio/server.js';
import { startFreeswitch } from '../../embedded/freeswitch/server.js';
import type { FreeswitchOptions } from '../../embedded/freeswitch/server.js';
import { writeWav } from '../../telephony/media/wav.js';
import { freePortRange } from '../support/free-port.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/wait-for.js';
import { TestPhone } from './freeswitch-phone.js';
import type { PhoneOptions } from './freeswitch-phone.js';

export const HOST = '127.0.0.1';
export const SECRET = 'rig-secret';

/** What these tests use of drachtio-fsmrf 4.1.2, which brings no types. */
export interface Endpoint {
  readonly uuid: string;
  readonly connected: boolean;
  readonly dtmfType: string;
  readonly local: { readonly sdp: string; readonly mediaPort: string };
  readonly dialog: {
    destroy(): Promise<unknown>;
    modify(sdp: string): Promise<string>;
    request(init: object): Promise<unknown>;
  };
  /** Its event socket. */
  readonly conn: { once(event: string, listener: () => void): void };
  on(event: string, listener: (event?: Record<string, string>) => void): this;
  play(file: string | string[] | object): Promise<Record<string, string>>;
  playCollect(options: object): Promise<Record<string, string | null>>;
  set(name: string, value: string): Promise<void>;
  execute(application: string, argument: string): Promise<{ getHeader(name: string): string | null }>;
  api(command: string, argument: string): Promise<{ getBody(): string }>;
  modify(sdp: string): Promise<unknown>;
  getChannelVariables(media: boolean): Promise<Record<string, string | number>>;
  destroy(): Promise<void>;
}

export interface MediaServer {
  readonly maxSessions: number;
  readonly sip: { readonly ipv4: { readonly udp: { readonly address: string } } };
  connectCaller(request: object, response: object): Promise<{ endpoint: Endpoint; dialog: Srf.Dialog }>;
  createEndpoint(options?: { remoteSdp?: string }): Promise<Endpoint>;
  api(command: string): Promise<string>;
  disconnect(): void;
}

interface Mrf {
  connect(options: object): Promise<MediaServer>;
}

const Fsmrf = createRequire(import.meta.url)('drachtio-fsmrf') as new (srf: object) => Mrf;

/** A call as both of its ends see it. */
export interface RigCall {
  readonly phone: TestPhone;
  readonly endpoint: Endpoint;
  readonly dialog: Srf.Dialog;
  /** Keys of which the application was told, in order. */
  readonly keys: { dtmf: string; duration: string; source: string }[];
}

export interface Rig {
  readonly ms: MediaServer;
  readonly eslPort: number;
  readonly sipPort: number;
  readonly logged: string[];
  call(options?: PhoneOptions): Promise<RigCall>;
  /** A file of so many milliseconds of a constant sample, by which it is known again. */
  sound(name: string, ms: number, sample?: number): string;
  close(): Promise<void>;
}

/** A media server elsewhere to test instead of ours. */
export interface OtherServer {
  readonly port: number;
  readonly secret: string;
}

export async function startRig(options: Partial<FreeswitchOptions> = {}, other?: OtherServer): Promise<Rig> {
  const logged: string[] = [];
  const log: FreeswitchOptions['log'] = (level, text, fields) =>
    logged.push(`${level} ${text} ${JSON.stringify(fields)}`);
  const range = await freePortRange(24);
  const media = await startFreeswitch({
    host: HOST,
    eslPort: 0,
    sipPort: 0,
    secret: SECRET,
    rtpPorts: { from: range.first, to: range.last },
    log,
    clock: { now: () => new Date() },
    ...options,
  });
  const drachtio = await startDrachtio({
    sipHost: HOST,
    sipPort: 0,
    secret: SECRET,
    log: () => {},
    clock: { now: () => new Date() },
  });
  const srf = new Srf();
  srf.connect({ host: HOST, port: drachtio.adminPort, secret: SECRET });
  await once(srf, 'connect');
  const ms = await new Fsmrf(srf).connect({
    address: HOST,
    port: other?.port ?? media.eslPort,
    secret: other?.secret ?? SECRET,
    listenAddress: HOST,
  });

  const arrivals: { endpoint: Endpoint; dialog: Srf.Dialog; keys: RigCall['keys'] }[] = [];
  const connectCaller = async (request: Srf.SrfRequest, response: Srf.SrfResponse): Promise<void> => {
    try {
      const { endpoint, dialog } = await ms.connectCaller(request, response);
      const keys: RigCall['keys'] = [];
      endpoint.on('dtmf', (event) => keys.push(event as unknown as RigCall['keys'][number]));
      arrivals.push({ endpoint, dialog, keys });
    } catch (error) {
      response.send((error as { status?: number }).status ?? 500);
    }
  };
  srf.invite((request, response) => void connectCaller(request, response));

  const folder = temporaryFolder('sounds');
  const phones: TestPhone[] = [];
  return {
    ms,
    eslPort: media.eslPort,
    sipPort: media.sipPort,
    logged,
    async call(phoneOptions) {
      const phone = await TestPhone.open(phoneOptions);
      phones.push(phone);
      await phone.call(`sip:ivr@${HOST}:${drachtio.sipPort}`);
      const arrival = await until(() => arrivals.shift(), { what: 'the endpoint' });
      // fsmrf does not wait for its subscription; an answer to what it sent after it shows that the
      // subscription is there.
      await arrival.endpoint.api('uuid_exists', arrival.endpoint.uuid);
      return { phone, ...arrival };
    },
    sound(name, soundMs, sample = 1000) {
      const path = join(folder, `${name}.wav`);
      writeFileSync(path, writeWav(new Int16Array(soundMs * 8).fill(sample)));
      return path;
    },
    async close() {
      await Promise.all(phones.map((phone) => phone.close()));
      ms.disconnect();
      await media.close();
      srf.disconnect();
      await drachtio.close();
    },
  };
}
