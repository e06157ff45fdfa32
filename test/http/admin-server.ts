/**
 * The admin app on a port of its own, with a clock that can be turned:
 *
 * onAdminApp('a tenant is answered as it was made', async (admin) => { … await
 * admin.post('/tenants', { name: 'A' }) … });
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type Logger, pino } from 'pino';
import { createAdminApp } from '../../src/admin/app.js';
import type { AuditLog } from '../../src/admin/context.js';
import { Metrics } from '../../src/admin/metrics/metrics.js';
import { OwnTemplates } from '../../src/configuration/own-templates.js';
import { createHttpServer } from '../../src/http/http-server.js';
import { openMasterKey } from '../../src/domain/secrets.js';
import { AuditSealer } from '../../src/services/audit/audit-seal.js';
import { AuditVerifier } from '../../src/services/audit/audit-verifier.js';
import { EventFeed } from '../../src/services/audit/event-feed.js';
import type { ServiceContext } from '../../src/services/context.js';
import { CountsReader } from '../../src/services/counts.js';
import { checkReadiness } from '../../src/services/readiness.js';
import { findWarnings } from '../../src/services/warnings.js';
import { WriteCheck } from '../../src/services/write-check.js';
import { WebhookTargets } from '../../src/webhooks/targets.js';
import { onBothDatabases } from '../support/store.js';
import { assertDescribed } from './described-answers.js';

export const ADMIN_KEY = 'the-bootstrap-key-of-the-tests';
export const NOW = new Date('2026-11-22T12:00:00.000Z');

// eslint-disable-next-line typescript/no-explicit-any -- what a server answers is only known by looking
export type Json = any;

export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

export interface Admin {
  url: string;
  context: ServiceContext;
  metrics: Metrics;
  /** Nothing seals and wakes in it by itself; `startSweep` of a test does. */
  auditLog: AuditLog;
  /** The present; a test moves it. */
  turnClock(to: Date): void;
  /** Everything that was logged. */
  logged(): string;
  /** Tells `/readyz` whether the provisioning listener is up. */
  provisioningIsUp: boolean;
  /** Asks with the bootstrap key; the path is that below /api/v1. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

export function onAdminApp(name: string, body: (admin: Admin, t: TestContext) => Promise<void>): void {
  onBothDatabases(name, async ({ store }, t) => {
    const lines: string[] = [];
    let now = NOW;
    const log: Logger = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
    const context: ServiceContext = {
      store,
      clock: { now: () => now },
      masterKey: openMasterKey('the master key of the tests'),
      installation: {
        publicUrl: 'http://192.0.2.1:8080',
        sip: { host: '192.0.2.1', port: 5060, plainPort: 5060, domain: '192.0.2.1', transport: 'udp' },
        emergency: { route: [], numbers: ['112', '911'] },
        language: 'en',
        trustedProxies: [],
        clientCertificateHeader: null,
        unknownDevices: 'reject',
        guesses: { perSourcePerHour: 30, perHour: 1000 },
      },
      log,
    };
    const metrics = new Metrics(await CountsReader.start(context), log);
    const state = { provisioningIsUp: true };
    const auditLog = {
      sealer: new AuditSealer(context),
      feed: new EventFeed(store.db),
      verifier: new AuditVerifier(context),
    };
    const app = createAdminApp({
      templates: new OwnTemplates(new Map(), pino({ level: 'silent' })),
      context,
      bootstrapKey: ADMIN_KEY,
      facts: () => ({
        version: '0.0.0',
        roles: ['admin'],
        ports: { provisioning: null, admin: null, internal: null, sip: null },
        settings: [],
        adminUrl: 'http://192.0.2.1:8081',
        provisioningUrl: 'http://192.0.2.1:8080',
        sip: 'sip:192.0.2.1:5060',
        database: 'PGlite in <data>',
        sipServer: 'embedded SIP server',
        mediaServer: null,
      }),
      readiness: () =>
        checkReadiness(context, {
          provisioningIsUp: () => state.provisioningIsUp,
          writes: new WriteCheck(context, null),
          findWarnings: () =>
            findWarnings(context, {
              hasAdminKey: true,
              dataDir: null,
              isInProduction: false,
              isSealRefused: () => false,
              clockReport: () => null,
            }),
        }),
      metrics,
      auditLog,
      webhookTargets: new WebhookTargets('allow'),
    });
    const server = createHttpServer(app, { trustedProxies: context.installation.trustedProxies });
    try {
      const url = await start(server);
      const ask = askerOf(url);
      await body(
        Object.assign(state, {
          url,
          context,
          metrics,
          auditLog,
          turnClock: (to: Date) => {
            now = to;
          },
          logged: () => lines.join(''),
          ask,
          get: (path: string) => ask('GET', path),
          post: (path: string, content?: unknown) => ask('POST', path, content),
          patch: (path: string, content: unknown) => ask('PATCH', path, content),
          delete: (path: string) => ask('DELETE', path),
        }),
        t,
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}

async function start(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function askerOf(url: string): Admin['ask'] {
  return async (method, path, body, headers = {}) => {
    const content = typeof body === 'string' ? body : body === undefined ? null : JSON.stringify(body);
    const about = content === null ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, ...about, ...headers },
      signal: AbortSignal.timeout(60_000),
      ...(content !== null && { body: content }),
    });
    const text = await answer.text();
    const parsed: Json = text === '' ? null : JSON.parse(text);
    // Whatever else a test is about: what it is answered is what the description of the API says.
    const type = answer.headers.get('content-type') ?? '';
    if (method !== 'HEAD') assertDescribed(method, answer.url, answer.status, type, parsed);
    return { status: answer.status, headers: answer.headers, body: parsed };
  };
}

/** What must have gone well: answers the body. */
export async function expectStatus(answer: Promise<Answer>, status: number): Promise<Json> {
  const { status: actual, body } = await answer;
  assert.equal(actual, status, JSON.stringify(body));
  return body;
}

/** What must have been refused: an RFC 9457 problem; answers the pointers of what was wrong. */
export async function expectProblem(answer: Promise<Answer>, status: number): Promise<string[]> {
  const { status: actual, headers, body } = await answer;
  assert.equal(actual, status, JSON.stringify(body));
  assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(body.status, status);
  assert.equal(typeof body.title, 'string');
  assert.notEqual(body.detail, '');
  return (body.errors ?? []).map((error: { pointer: string }) => error.pointer);
}

/** Makes a tenant and answers its id. */
export async function makeTenant(admin: Admin, fields: object = {}): Promise<string> {
  return (await expectStatus(admin.post('/tenants', { name: 'Example Ltd', ...fields }), 201)).id;
}

export async function makeLine(admin: Admin, tenantId: string, fields: object = {}): Promise<Json> {
  const line = { label: '101', sipUser: '101', password: 'line-password-1', registrar: 'pbx.example' };
  return expectStatus(admin.post(`/tenants/${tenantId}/lines`, { ...line, ...fields }), 201);
}

export const MAC = '80:5e:c0:11:22:33';

export async function makeDevice(admin: Admin, tenantId: string, fields: object = {}): Promise<Json> {
  const device = { mac: MAC, vendor: 'yealink', tenantId, ...fields };
  return expectStatus(admin.post('/devices', device), 201);
}

export async function eventsOf(admin: Admin, query = ''): Promise<Json[]> {
  return (await expectStatus(admin.get(`/events?${query}`), 200)).items;
}

/** The statuses of answers that came in any order. */
export function statusesOf(answers: Answer[]): number[] {
  return answers.map(({ status }) => status).toSorted((a, b) => a - b);
}
