import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

export type Schemas = components['schemas'];

/** The API of the port that this page came from. The cookie of the session goes along by itself. */
export const api = createClient<paths>({ baseUrl: '' });

/** What is wrong, and where: a JSON pointer into the body that was sent. */
interface FieldError {
  pointer?: string;
  detail?: string;
}

/** An answer of the API that is no success, in its own words (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly detail: string,
    readonly errors: readonly FieldError[],
    /** All of its members, for those that only some problems have. */
    readonly members: Readonly<Record<string, unknown>>,
  ) {
    super(detail);
  }

  /** What is wrong with the field at a pointer such as `/label`; null: nothing. */
  at(pointer: string): string | null {
    return this.errors.find((error) => error.pointer === pointer)?.detail ?? null;
  }
}

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Called for each answer 401 but that of a sign-in. */
let endSession: () => void = () => undefined;

export function onSessionEnd(end: () => void): void {
  endSession = end;
}

/** What a call answered. @throws ApiProblem */
export async function answerOf<T>(call: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  if (response.status === 401) endSession();
  throw problemOf(response.status, error);
}

export function problemOf(status: number, body: unknown): ApiProblem {
  const members = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const detail = typeof members['detail'] === 'string' ? members['detail'] : `HTTP ${status}`;
  const errors = Array.isArray(members['errors']) ? (members['errors'] as FieldError[]) : [];
  return new ApiProblem(status, detail, errors, members);
}
