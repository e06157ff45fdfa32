/** An internal app for tests: a real HTTP server that answers the contract from a table and remembers what it was told. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  Account,
  AttemptVerdict,
  CallEnd,
  CallOpened,
  CallOpening,
  DueResync,
  EmergencyReport,
  Ha1,
  Heartbeat,
  Registration,
  ResyncOutcome,
  RouteAnswer,
  RouteQuery,
} from '../../../src/internal/contract.js';

export const TOKEN = 'a-token-for-tests-only';
export const REALM = 'dialgate.test';

export interface Received {
  routes: RouteQuery[];
  registrations: ({ user: string } & Registration)[];
  unregistrations: string[];
  openings: CallOpening[];
  attempts: { digits: string }[];
  ends: CallEnd[];
  emergencies: EmergencyReport[];
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
  emergency: { numbers: string[]; targets: string[]; callerIdentity: string | null };
  /** Milliseconds that a verdict takes. */
  verdictDelay: number;
  /** Everything is refused with 500 while set. */
  broken: boolean;
  resync(due: DueResync): void;
  close(): Promise<void>;
}

export function ha1Of(user: string, realm: string, password: string): Ha1 {
  const hash = (algorithm: string): string =>
    createHash(algorithm).update(`${user}:${realm}:${password}`).digest('hex');
  return { md5: hash('md5'), sha256: hash('sha256') };
}

export async function startInternalApp(): Promise<InternalApp> {
  const received: Received = {
    routes: [],
    registrations: [],
    unregistrations: [],
    openings: [],
    attempts: [],
    ends: [],
    emergencies: [],
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
  const route = (query: RouteQuery): RouteAnswer => {
    received.routes.push(query);
    const { numbers, targets, callerIdentity } = app.emergency;
    return numbers.includes(query.dialled)
      ? { kind: 'emergency', targets, callerIdentity, mac: null }
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
      case 'GET accounts':
        return account(name) ?? undefined;
      case 'POST accounts ha1':
        return ha1Of(name, (body as { realm: string }).realm, app.users.get(name) ?? '');
      case 'PUT registrations':
        received.registrations.push({ user: name, ...(body as Registration) });
        return { expiresSeconds: Math.min(120, (body as Registration).expiresSeconds) };
      case 'DELETE registrations':
        received.unregistrations.push(name);
        return null;
      case 'POST emergency-calls':
        received.emergencies.push(body);
        return null;
      case 'GET resyncs':
      case 'GET resyncs wait=25':
        return dueResyncs(closed);
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
    opened: { language: 'en', asks: 'pap', papDigits: 6, state: 'needed', attemptsLeft: 3 },
    verdicts: [{ kind: 'accepted' }],
    emergency: { numbers: ['112'], targets: [], callerIdentity: null },
    verdictDelay: 0,
    broken: false,
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
