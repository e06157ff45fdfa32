import type { Request, RequestHandler, Response, Router } from 'express';
import { z } from 'zod';
import type { Role } from '../domain/role.js';
import { Problem } from '../http/problem.js';
import { readQuery } from '../http/request.js';
import type { Caller } from '../services/context.js';
import { callerOf, knownActorOf } from './actor.js';
import type { AdminContext } from './context.js';
import { EVENT_STREAM } from './event-stream.js';
import { type PathOf, readPath, requireVisible } from './path-parameters.js';
import { requireRole, requireScope } from './permission.js';
import { answerFor } from './withheld.js';
import { NO_BODY, parseJson, readBody, readFile, takeFile } from './request.js';

/** Where the API begins; what is below it needs a key. */
export const API = '/api/v1';

/** What operations are listed under. */
export const TAGS = {
  Tenants: 'Customers, each with a policy and nothing in common with the others.',
  Sites: 'Places of a tenant: time zone, language, settings, emergency route.',
  Lines: 'SIP accounts of a tenant, which its phones get in their full configuration.',
  Networks: 'Networks that a tenant trusts: their phones need no PIN.',
  Devices: 'Phones, adapters and base stations, and how far each has proved itself.',
  Jobs: 'What was ordered for many devices at once, and how far it has come.',
  'Unknown devices': 'MAC addresses that asked for a configuration and belong to no device.',
  Events: 'The audit log: sealed, in order, without a gap.',
  Webhooks: 'Events that are posted to receivers of your own, signed, and again until they are taken.',
  'API keys': 'The keys that open this API.',
  Session: 'What a browser signs in by.',
  Security: 'How safe the present settings are.',
  Installation: 'What runs, and how it is set.',
  Health: 'For supervisors and monitoring.',
  Documentation: 'About this port.',
} as const;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Success = 200 | 201 | 202 | 204;
/** A status that says why an operation was not carried out. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 503;
type Method = (typeof METHODS)[number];
type TextType = 'text/csv' | 'application/x-ndjson' | 'text/html' | 'text/plain';
type Nothing = typeof NO_BODY;

/** A request that has been read, and what its handler works with. */
interface Call<P extends string, Q, B> {
  context: AdminContext;
  path: PathOf<P>;
  query: Q;
  body: B;
  /** Who asks, and whose objects may be answered; only where a key is needed. */
  actor: Caller;
  request: Request;
  /** For headers and for what is streamed; an answer in JSON is returned instead. */
  response: Response;
}

interface Definition<
  P extends string,
  Q extends z.ZodObject,
  B extends z.ZodType | 'text/csv',
  A extends z.ZodType | TextType | null,
  S extends z.ZodObject,
> {
  method: Method;
  /** Parameters in braces; each is one of `PATH_PARAMETERS`. */
  path: P;
  /** What a client generated from the description calls it: a verb and its object. */
  operationId: string;
  tag: keyof typeof TAGS;
  summary: string;
  /** What the summary cannot say, in Markdown. */
  description?: string;
  /** The roles that may ask it at all; `anyone` needs no key. */
  may: readonly Role[] | 'anyone';
  /**
   * What it is about. What is about the installation cannot be asked by a key for named tenants:
   * all that only `admin` may and whose path names no tenant, unless it says otherwise.
   */
  about?: 'tenants' | 'installation';
  query?: Q;
  /** Absent: nothing, or an empty object. `text/csv` is handed on as its bytes. */
  body?: B;
  /** When it went well: 200 unless it says otherwise. A PUT that creates sets 201 itself. */
  status?: Success;
  /** Refusals beside those that any such operation can have (see openapi-responses.ts). */
  refuses?: readonly RefusalStatus[];
  /** The schema of what `handle` returns; of a text its type, and null: nothing. */
  answer: A;
  handle: (call: Call<P, z.output<Q>, BodyOf<B>>) => Promise<AnswerOf<A>>;
  /** For clients that accept `text/event-stream`: sends what comes, for as long as they stay. */
  stream?: { of: StreamKind; query: S; send: (call: Call<P, z.output<S>, BodyOf<B>>) => Promise<void> };
  /**
   * For clients that prefer respond-async (RFC 7240 4.1): makes a job of it, which is answered with
   * 202; null: it is done at once all the same.
   */
  later?: (call: Call<P, z.output<Q>, BodyOf<B>>) => Promise<z.output<typeof ORDERED_JOB> | null>;
}

/** The answer where a job was made. */
export const ORDERED_JOB = z.strictObject({ jobId: z.guid() }).meta({ id: 'OrderedJob' });

/** Of a stream: events, which goes on with Last-Event-ID, or how far something has come. */
export type StreamKind = 'events' | 'progress';

type BodyOf<B> = B extends z.ZodType ? z.output<B> : Buffer;
/** A text and nothing are sent by the handler itself, or by their status. */
type AnswerOf<A> = A extends z.ZodType ? z.output<A> : void;

/** One call of the admin port: what /openapi.json says of it, and what answers it. */
export interface Operation extends Omit<
  Definition<string, z.ZodObject, z.ZodType | 'text/csv', z.ZodType | TextType | null, z.ZodObject>,
  'handle' | 'stream' | 'later' | 'about'
> {
  status: Success;
  about: 'tenants' | 'installation';
  streams: StreamKind | null;
  canBeJob: boolean;
  answerTo: (context: AdminContext) => RequestHandler;
}

/** Makes an operation of its definition: path, query and body are read by what describes them. */
export function operation<
  const P extends string,
  A extends z.ZodType | TextType | null,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType | 'text/csv' = Nothing,
  S extends z.ZodObject = Nothing,
>({ handle, stream, later, ...described }: Definition<P, Q, B, A, S>): Operation {
  const { method, path, query, body, answer } = described;
  const status = described.status ?? (answer === null ? 204 : 200);

  const answerTo =
    (context: AdminContext): RequestHandler =>
    async (request, response) => {
      const read = <T extends z.ZodObject>(schema: T | undefined): Call<P, z.output<T>, BodyOf<B>> => ({
        context,
        path: readPath(path, request),
        query: (schema === undefined ? {} : readQuery(request, schema, 422)) as z.output<T>,
        body: (method === 'get' ? {} : readBodyAs(request, body ?? NO_BODY)) as BodyOf<B>,
        get actor() {
          return callerOf(request);
        },
        request,
        response,
      });
      if (stream !== undefined && wantsStream(request)) return stream.send(read(stream.query));
      const call = read(query);
      response.status(status);
      const ordered = later !== undefined && prefersJob(request) ? await later(call) : null;
      if (ordered !== null) {
        response.status(202).set('Preference-Applied', 'respond-async');
        response.location(`${API}/jobs/${ordered.jobId}`);
      }
      const answered = ordered ?? (await handle(call));
      const location = response.get('Location');
      if (location?.startsWith('/')) response.set('Location', context.linkBase + location);
      if (answer === null) response.end();
      else if (typeof answer === 'object') {
        const role = knownActorOf(request)?.role ?? null;
        response.json(role === null ? answered : answerFor(role, answered));
      }
    };
  const about = described.about ?? (isOfInstallation(described) ? 'installation' : 'tenants');
  const canBeJob = later !== undefined;
  return { ...described, status, about, streams: stream?.of ?? null, canBeJob, answerTo };
}

function isOfInstallation({ path, may }: Pick<Operation, 'path' | 'may'>): boolean {
  return may !== 'anyone' && may.every((role) => role === 'admin') && !path.includes('{tenantId}');
}

function readBodyAs(request: Request, body: z.ZodType | 'text/csv'): unknown {
  return body === 'text/csv' ? readFile(request) : readBody(request, body);
}

function prefersJob(request: Request): boolean {
  return /(?:^|,)\s*respond-async\s*(?:[;,]|$)/i.test(request.get('Prefer') ?? '');
}

function wantsStream(request: Request): boolean {
  return request.method === 'GET' && request.accepts(['application/json', EVENT_STREAM]) === EVENT_STREAM;
}

/**
 * Mounts operations by their paths. Any other method of a path is answered 405 with those that
 * there are (RFC 9110 15.5.6); HEAD comes with GET.
 */
export function mount(
  router: Router,
  operations: readonly Operation[],
  context: AdminContext,
  authenticated: RequestHandler,
): void {
  // A brace sorts behind every letter: what is named comes before what is a parameter.
  for (const path of [...new Set(operations.map((one) => one.path))].toSorted()) {
    const ofPath = operations.filter((one) => one.path === path);
    const visible = requireVisible(context, path);
    const route = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    // Before the body is read: who may not come in need not be listened to.
    for (const { method, may, about, body, answerTo } of ofPath)
      route[method](
        ...(may === 'anyone' ? [] : [authenticated, requireRole(may), requireScope(about), visible]),
        ...(method === 'get' ? [] : [body === 'text/csv' ? takeFile : parseJson]),
        answerTo(context),
      );
    const allow = METHODS.filter((method) => ofPath.some((one) => one.method === method))
      .flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
      .join(', ');
    if (path.startsWith(API)) route.all(authenticated);
    route.all(() => {
      throw new Problem(405, `This can be asked by ${allow}.`, [], { Allow: allow });
    });
  }
}
