import { createSocket, type Socket } from 'node:dgram';
import type { TestContext } from 'node:test';

import type { Destination, SipProtocol, Target } from '../../../telephony/sip/flow.js';
import { newCallId, newTag } from '../../../telephony/sip/identifiers.js';
import { createRequest, type SipMessage, type SipRequest } from '../../../telephony/sip/message.js';
import { parseMessage } from '../../../telephony/sip/parse.js';
import type { TransactionTimers } from '../../../telephony/sip/timers.js';
import { TransactionLayer, type TransactionLayerHandlers } from '../../../telephony/sip/transactions.js';
import { SipTransport, type SipTransportOptions } from '../../../telephony/sip/transport.js';

/** RFC 3261's machine, 25 times as fast: 64*T1 is 1280 ms. */
export const FAST = { t1: 20, t2: 160, t4: 200, timerD: 1280 };

/** Rejects when it takes longer than 10 s: no test waits for ever. */
export function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within 10 s`)), 10_000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** What arrives, one after the other, for those who wait for it. */
export class Inbox<T> {
  readonly all: T[] = [];
  #waiting: { accept(item: T): boolean }[] = [];
  #read = 0;

  readonly put = (item: T): void => {
    this.all.push(item);
    this.#waiting = this.#waiting.filter((each) => !each.accept(item));
  };

  /** The next item not yet taken. */
  next(what = 'next item'): Promise<T> {
    const at = this.#read++;
    return this.when(() => this.all.length > at, what).then(() => this.all[at]!);
  }

  /** Resolves once the condition holds; looked at after each item. */
  when(condition: (all: T[]) => boolean, what = 'condition'): Promise<void> {
    if (condition(this.all)) return Promise.resolve();
    const done = new Promise<void>((resolve) => {
      this.#waiting.push({
        accept: () => {
          const holds = condition(this.all);
          if (holds) resolve();
          return holds;
        },
      });
    });
    return within(done, what);
  }
}

/** A transport on 127.0.0.1, closed after the test. */
export async function openTransport(
  t: TestContext,
  options: Partial<SipTransportOptions> = {},
): Promise<SipTransport> {
  const transport = await SipTransport.bind({ host: '127.0.0.1', port: 0, ...options });
  t.after(() => transport.close());
  return transport;
}

export interface Peer {
  readonly transport: SipTransport;
  readonly layer: TransactionLayer;
  /** Everything that left, before it was dropped or not. */
  readonly sent: Inbox<SipMessage>;
  target(protocol: SipProtocol): Target;
}

export async function openPeer(
  t: TestContext,
  handlers: Partial<TransactionLayerHandlers>,
  options: {
    drop?: (message: SipMessage) => boolean;
    max?: number;
    timers?: Partial<TransactionTimers>;
    transport?: Partial<SipTransportOptions>;
  } = {},
): Promise<Peer> {
  const sent = new Inbox<SipMessage>();
  const transport = await openTransport(t, {
    ...options.transport,
    beforeSend: (bytes: Buffer, _destination: Destination) => {
      const message = parseMessage(bytes);
      if (message.kind === 'malformed') return true;
      sent.put(message);
      return options.drop?.(message) !== true;
    },
  });
  const layer = new TransactionLayer({
    transport,
    timers: { ...FAST, ...options.timers },
    handlers: { onRequest: () => undefined, ...handlers },
    ...(options.max === undefined ? {} : { maxServerTransactions: options.max }),
  });
  t.after(() => layer.close());
  const target = (protocol: SipProtocol) => ({ protocol, address: '127.0.0.1', port: transport.port });
  return { transport, layer, sent, target };
}

/** A request with all that it must have. */
export function anyRequest(method: string, more: Record<string, string> = {}): SipRequest {
  return createRequest({
    method,
    uri: 'sip:bob@127.0.0.1',
    headers: {
      From: `<sip:alice@127.0.0.1>;tag=${newTag()}`,
      To: '<sip:bob@127.0.0.1>',
      'Call-ID': newCallId(),
      CSeq: `1 ${method}`,
      Contact: '<sip:alice@127.0.0.1>',
      ...more,
    },
  });
}

/** A plain UDP socket that collects what it gets: a peer without any manners. */
export async function openRawPeer(
  t: TestContext,
): Promise<{ socket: Socket; port: number; got: Inbox<SipMessage> }> {
  const socket = createSocket('udp4');
  const got = new Inbox<SipMessage>();
  socket.on('message', (bytes) => {
    const message = parseMessage(bytes);
    if (message.kind !== 'malformed') got.put(message);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  t.after(() => socket.close());
  return { socket, port: socket.address().port, got };
}
