/**
 * Call detail messages: `cdr:attempt`, `cdr:start`, `cdr:stop`, for applications that registered
 * for them (`srf.on('cdr:start', …)`).
 */
import { randomUUID } from 'node:crypto';

import type { ControlSession } from './control-session.js';
import { formatTime, type TracedMessage } from './frames.js';
import type { RouteTable } from './routes.js';

export type CallRole = 'uac' | 'uas';

export type CallEnd = 'call-rejected' | 'call-canceled' | 'normal-release' | 'system-initiated-termination';

export class CallDetails {
  readonly #routes: RouteTable<ControlSession>;

  constructor(routes: RouteTable<ControlSession>) {
    this.#routes = routes;
  }

  /** An INVITE outside of dialogs was received or sent. */
  attempt(invite: TracedMessage): void {
    this.#post('cdr:attempt', invite);
  }

  /** An INVITE was answered with 200. */
  start(answer: TracedMessage, role: CallRole): void {
    this.#post('cdr:start', answer, role);
  }

  /** A call ended, or an attempt failed, with this message. */
  stop(last: TracedMessage, reason: CallEnd): void {
    this.#post('cdr:stop', last, reason);
  }

  #post(type: string, traced: TracedMessage, detail?: string): void {
    const session = this.#routes.next(type);
    if (session === undefined) return;
    const tokens = [
      randomUUID(),
      type,
      traced.meta.source,
      formatTime(traced.meta.at),
      ...(detail === undefined ? [] : [detail]),
    ];
    session.send(`${tokens.join('|')}\r\n${traced.text}`);
  }
}
