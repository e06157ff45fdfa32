import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Express } from 'express';
import { OwnTemplates } from '../configuration/own-templates.js';
import { phoneSecrets } from '../configuration/view-secrets.js';
import { type ClientAddress, clientAddress, loggedClient } from '../domain/client-address.js';
import { createHttpServer } from '../http/http-server.js';
import { closeServer } from '../http/listen.js';
import type { ServiceContext } from '../services/context.js';
import { FetchLookups } from '../services/fetch/fetch-lookups.js';
import type { FetchCache } from '../services/fetch/fetch-cache.js';
import { FetchNotes } from '../services/fetch/fetch-notes.js';
import { IgnoredForwarding } from '../services/fetch/ignored-forwarding.js';
import { UnknownDevices } from '../services/unknown/unknown-devices.js';
import { UNAVAILABLE, writeAnswer } from './answer.js';
import { answerFetch, type FetchTrace } from './answer-fetch.js';
import type { FetchContext } from './fetch-context.js';
import { createProvisioningApp } from './app.js';
import { RenderedDocuments } from './rendered-documents.js';
import { maskTarget } from './request-target.js';
import {
  Throttle,
  TOKENLESS_PER_MINUTE,
  UNPROVEN_PER_DEVICE_PER_MINUTE,
  UNPROVEN_PER_MINUTE,
  UnprovenThrottle,
} from './throttle.js';

/** The port that phones fetch from. */
export interface Provisioning {
  /** Not listening yet. */
  server: Server;
  /** Writes what fetches have left behind so far. */
  flush(): Promise<void>;
  /**
   * Takes no more connections, finishes what is in hand within a bound, and writes what fetches
   * have left behind.
   */
  close(): Promise<void>;
}

/** What one client, or all of them together, may take. */
export interface Limits {
  /** Of the request line and the headers; a phone's are a few hundred. */
  headerBytes: number;
  /** From the first byte until the headers, and until the body, are there. */
  headerMilliseconds: number;
  requestMilliseconds: number;
  /** How often that is looked at. */
  checkMilliseconds: number;
  /**
   * A connection on which nothing moves: between two requests of anybody but our proxies, and while
   * one is answered.
   */
  keepAliveMilliseconds: number;
  idleMilliseconds: number;
  /** Beyond these, phones are asked to come back later. */
  fetchesInHand: number;
  /** Of one source: fetches in a minute that bring no token of anybody's. */
  tokenlessPerMinute: number;
  /**
   * Of one source, and of one device from it: fetches in a minute with tokens that have proved
   * nothing.
   */
  unprovenPerMinute: number;
  unprovenPerDevicePerMinute: number;
  /** Firmware and the like on their way at a time. */
  downloadsInHand: number;
}

export const DEFAULT_LIMITS: Limits = {
  headerBytes: 8 * 1024,
  headerMilliseconds: 10_000,
  requestMilliseconds: 15_000,
  checkMilliseconds: 2_000,
  keepAliveMilliseconds: 5_000,
  idleMilliseconds: 20_000,
  fetchesInHand: 1000,
  tokenlessPerMinute: TOKENLESS_PER_MINUTE,
  unprovenPerMinute: UNPROVEN_PER_MINUTE,
  unprovenPerDevicePerMinute: UNPROVEN_PER_DEVICE_PER_MINUTE,
  downloadsInHand: 500,
};

const CLOSE_MS = 5_000;

/** Options of the provisioning port beside the services. */
export interface ProvisioningOptions {
  /** The cache of look-ups, which the caller starts and stops; null: every fetch is looked up. */
  cache?: FetchCache | null;
  limits?: Limits;
  templates?: OwnTemplates;
  /** The folder with a folder of firmware and languages for each vendor; null serves none. */
  filesDir?: string | null;
  /** Called for each request once it has been answered. */
  measure?: (fetch: MeasuredFetch) => void;
}

/** The outcome of a request, for the metrics. `none`: a vendor file, or no document. */
export interface MeasuredFetch {
  served: NonNullable<FetchTrace['served']> | 'none';
  status: number;
  seconds: number;
}

export function createProvisioning(
  services: ServiceContext,
  options: ProvisioningOptions = {},
): Provisioning {
  const { log } = services;
  const { cache = null, limits = DEFAULT_LIMITS, filesDir = null, measure } = options;
  const templates = options.templates ?? new OwnTemplates(new Map(), log);
  const notes = new FetchNotes(services.store.db, log);
  const publicPath = new URL(services.installation.publicUrl).pathname.replace(/\/+$/, '');
  const lookups = new FetchLookups(services.store.db, services.clock, cache);
  const documents = new RenderedDocuments(services.clock);
  const forwarding = new IgnoredForwarding(services);
  const unknown = new UnknownDevices(services, notes);
  const throttle = new Throttle(limits.tokenlessPerMinute);
  const unprovenThrottle = new UnprovenThrottle(limits.unprovenPerMinute, limits.unprovenPerDevicePerMinute);
  const context: FetchContext = {
    ...services,
    lookups,
    unknown,
    throttle,
    unprovenThrottle,
    documents,
    notes,
    forwarding,
    publicPath,
    templates,
    secrets: phoneSecrets(services.masterKey),
  };
  const app = createProvisioningApp({ log, publicPath, filesDir, downloadsInHand: limits.downloadsInHand });
  let inHand = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = process.hrtime.bigint();
    const { trustedProxies } = services.installation;
    const client = clientAddress(request.socket.remoteAddress, request.headers, trustedProxies);
    let trace: FetchTrace = { path: maskTarget(request.url ?? '', null) };
    inHand += 1;
    try {
      const answered =
        inHand > limits.fetchesInHand ? { answer: UNAVAILABLE, trace } : await ask(context, request, client);
      if (answered === null) {
        // A download may take minutes, and keeps no fetch waiting.
        inHand -= 1;
        try {
          await answerByApp(app, request, response);
        } finally {
          inHand += 1;
        }
      } else {
        ({ trace } = answered);
        writeAnswer(response, answered.answer);
      }
    } catch (error) {
      log.error({ err: error, path: trace.path }, 'a fetch could not be answered');
      if (response.headersSent) response.destroy();
      else writeAnswer(response, UNAVAILABLE);
    } finally {
      inHand -= 1;
    }
    const { statusCode: status } = response;
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    measure?.({ served: trace.served ?? 'none', status, seconds: milliseconds / 1000 });
    log.info({ method: request.method, ...trace, status, ...loggedClient(client), milliseconds }, 'fetch');
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void serve(request, response);

  const server = createHttpServer(listener, {
    trustedProxies: services.installation.trustedProxies,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headerMilliseconds,
    requestTimeout: limits.requestMilliseconds,
    connectionsCheckingInterval: limits.checkMilliseconds,
    keepAliveTimeout: limits.keepAliveMilliseconds,
  });
  server.timeout = limits.idleMilliseconds;
  // No `100 Continue` is sent: an upload is refused before its body.
  server.on('checkContinue', (request, response) => void server.emit('request', request, response));

  return {
    server,
    flush: () => notes.flush(),
    close: async () => {
      await closeServer(server, CLOSE_MS);
      await notes.close();
    },
  };
}

/** Resolves when the app has answered, or the client has gone. */
async function answerByApp(app: Express, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const closed = new Promise((resolve) => response.once('close', resolve));
  app(request, response);
  // Who went away while it was found out that this is the app's to answer has closed it already.
  if (!response.closed) await closed;
}

function ask(
  context: FetchContext,
  request: IncomingMessage,
  client: ClientAddress,
): ReturnType<typeof answerFetch> {
  return answerFetch(context, {
    method: request.method ?? '',
    target: request.url ?? '',
    userAgent: request.headers['user-agent'] ?? null,
    ifNoneMatch: request.headers['if-none-match'] ?? null,
    certificateSubject: certificateSubject(context.installation, request, client),
    client,
  });
}

/**
 * Whose certificate the client showed, where a trusted proxy says so; what anybody else says of it
 * is not read.
 */
function certificateSubject(
  { clientCertificateHeader }: FetchContext['installation'],
  request: IncomingMessage,
  client: ClientAddress,
): string | null {
  if (clientCertificateHeader === null || !client.isProxied) return null;
  const subject = request.headers[clientCertificateHeader];
  return typeof subject === 'string' ? subject : null;
}
