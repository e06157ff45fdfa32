/**
 * An internal app for tests: a real HTTP server that answers the contract from a table and
 * remembers what it was told.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseMac } from '../../../src/domain/mac.js';
import { emergencyNumber, type CallerIdentity, type EmergencyPlan } from '../../../src/domain/emergency.js';
import type {
  Account,
  Admission,
  AttemptVerdict,
  CallEnd,
  CallOpened,
  CallOpening,
  DueResync,
  EmergencyEnd,
  EmergencyReport,
  Ha1,
  Heartbeat,
  Registered,
  Registration,
  ResyncOutcome,
  RouteAnswer,
  RouteQuery,
  Source,
} from '../../../src/contract/messages.js';

export const TOKEN = 'a-token-for-tests-only';
export const REALM = 'dialgate.test';
/** Of every phone whose name is known. */
const MAC = parseMac('02:00:00:00:00:01');

export interface Received {
  routes: RouteQuery[];
  /** Users whose accounts were asked for. */
  accounts: string[];
  registrations: ({ user: string } & Registration)[];
  openings: CallOpening[];
  attempts: { digits: string; source: Source }[];
  ends: CallEnd[];
  emergencies: EmergencyReport[];
  emergencyEnds: EmergencyEnd[];
  outcomes: ({ id: string } & ResyncOutcome)[];
  heartbeats: Heartbeat[];
}

export interface InternalApp {
  url: string;
  received: Received;
  /** Passwords by user. */
  users: Map<string, string>;
  opened: CallOpened;
  /** The next verdicts, first to last; the last one stays. */
  verdicts: AttemptVerdict[];
  /** Numbers and targets of emergencies. */
  emergency: { numbers: string[]; targets: string[]; callerIdentity: CallerIdentity | null };
  /** Targets of numbers of their own, beside those. */
  emergencies: Map<string, string[]>;
  /** How the emergency calls of those are connected who have registered, when nothing answers. */
  plan: EmergencyPlan;
  /** What every REGISTER is answered while set, instead of what it asks for. */
  refusal: Registered | null;
  /** What is said of the whole installation; null: nothing, so that everything is asked for. */
  admission: Admission | null;
  /** Milliseconds that a verdict takes. */
  verdictDelay: number;
  /** Everything is refused with 500 while set. */
  broken: boolean;
  /** Nothing is answered while set. */
  hung: boolean;
  /** That of the line which any resync is for; null: there is none. */
  lineHa1: ((realm: string) => Ha1) | null;
  resync(due: DueResync): void;
  close(): Promise<void>;
}

export function ha1Of(user: string, realm: string, password: string): Ha1 {
  const hash = (algorithm: string): string =>
    createHash(algorithm).update(`${user}:${realm}:${password}`).digest('hex');
  return { md5: hash('md5'), sha256: hash('sha256'), sha512256: hash('sha512-256') };
}

export async function startInternalApp(): Promise<InternalApp> {
  const received: Received = {
    routes: [],
    accounts: [],
    registrations: [],
    openings: [],
    attempts: [],
    ends: [],
    emergencies: [],
    emergencyEnds: [],
    outcomes: [],
    heartbeats: [],
  };
  const due: DueResync[] = [];
  let wake: (() => void) | null = null;

  const account = (user: string | null): Account | null => {
    const password = user === null ? undefined : app.users.get(user);
    if (user === null || password === undefined) return null;
    return { user, realm: REALM, ha1: ha1Of(user, REALM, password), deviceId: `device-of-${user}` };
  };
  const registered = ({ contacts }: Registration): Registered => ({
    kind: 'registered',
    contacts: (contacts === '*' ? [] : contacts)
      .map(({ uri, expiresSeconds }) => ({ uri, expiresSeconds: Math.min(120, expiresSeconds) }))
      .filter(({ expiresSeconds }) => expiresSeconds > 0),
    emergency: app.plan,
  });
  const route = (query: RouteQuery): RouteAnswer => {
    received.routes.push(query);
    const { numbers, callerIdentity } = app.emergency;
    const isKnown = received.registrations.some(
      ({ user, source }) => user === query.user && source.address === query.source.address,
    );
    const common = emergencyNumber(query.dialled, numbers) === null ? null : app.emergency.targets;
    const targets = app.emergencies.get(query.dialled) ?? common;
    return targets !== null
      ? {
          kind: 'emergency',
          targets,
          callerIdentity: isKnown ? callerIdentity : null,
          mac: account(query.user) === null ? null : MAC,
          isKnown,
        }
      : { kind: 'authentication', account: account(query.user) };
  };
  const dueResyncs = async (closed: Promise<void>): Promise<{ resyncs: DueResync[] }> => {
    if (due.length === 0) await Promise.race([new Promise<void>((resolve) => (wake = resolve)), closed]);
    return { resyncs: due.splice(0) };
  };

  /** null: 204; undefined: 404. */
  const answer = async (
    method: string,
    path: string,
    body: never,
    closed: Promise<void>,
  ): Promise<unknown> => {
    const [, , kind = '', name = '', part = ''] = path.split(/[/?]/).map(decodeURIComponent);
    switch (`${method} ${kind} ${part}`.trim()) {
      case 'POST calls':
        if (name === 'route') return route(body);
        received.openings.push(body);
        return app.opened;
      case 'POST calls attempts':
        received.attempts.push(body);
        await new Promise((resolve) => setTimeout(resolve, app.verdictDelay));
        return app.verdicts.length > 1 ? app.verdicts.shift() : app.verdicts[0];
      case 'POST calls end':
        received.ends.push(body);
        return null;
      case 'GET admission':
        if (app.admission === null) return undefined;
        if (name.endsWith(`known=${app.admission.version}`)) await closed;
        return app.admission;
      case 'GET accounts':
        received.accounts.push(name);
        return account(name) ?? undefined;
      case 'POST accounts ha1':
        return ha1Of(name, (body as { realm: string }).realm, app.users.get(name) ?? '');
      case 'PUT registrations':
        received.registrations.push({ user: name, ...(body as Registration) });
        return app.refusal ?? registered(body);
      case 'POST emergency-calls':
        if (name === 'end') received.emergencyEnds.push(body);
        else received.emergencies.push(body);
        return null;
      case 'GET resyncs':
      case 'GET resyncs wait=25':
        return dueResyncs(closed);
      case 'POST resyncs ha1':
        return app.lineHa1?.((body as { realm: string }).realm);
      case 'POST resyncs outcome':
        received.outcomes.push({ id: name, ...(body as ResyncOutcome) });
        return null;
      case 'POST heartbeat':
        received.heartbeats.push(body);
        return null;
      default:
        return undefined;
    }
  };

  const server = createServer((request, response) => {
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    void readBody(request).then(async (body) => {
      while (app.hung) await new Promise((resolve) => setTimeout(resolve, 20));
      if (app.broken || request.headers.authorization !== `Bearer ${TOKEN}`)
        return response.writeHead(500).end();
      const found = await answer(request.method ?? '', request.url ?? '', body as never, closed);
      if (found === undefined) return response.writeHead(404).end();
      if (found === null) return response.writeHead(204).end();
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const app: InternalApp = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    users: new Map(),
    opened: { languages: ['en'], asks: 'pap', papDigits: 6, state: 'needed', attemptsLeft: 3 },
    verdicts: [{ kind: 'accepted' }],
    emergency: { numbers: ['112'], targets: [], callerIdentity: null },
    emergencies: new Map(),
    plan: { numbers: ['112'], route: [], callerIdentity: null },
    refusal: null,
    admission: null,
    verdictDelay: 0,
    lineHa1: null,
    broken: false,
    hung: false,
    resync: (one) => {
      due.push(one);
      wake?.();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return app;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? null : JSON.parse(text);
}
