/**
 * A reader of server-sent events (HTML standard, section 9.2), as strict as our own stream allows.
 */
import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, type IncomingMessage, get } from 'node:http';
import { once } from 'node:events';
import { until } from '../support/wait-for.js';
import { ADMIN_KEY, type Json } from './admin-server.js';

export class EventStream {
  readonly events: Json[] = [];
  comments = 0;
  hasEnded = false;
  #rest = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
    response.on('error', () => undefined);
    response.on('close', () => {
      this.hasEnded = true;
    });
  }

  /** Opens a stream that must be granted. */
  static async open(url: string, { query = '', after = null as string | null, key = ADMIN_KEY } = {}) {
    const headers = { ...(after !== null && { 'last-event-id': after }) };
    const asked = get(`${url}/api/v1/events${query}`, {
      agent: false,
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream', ...headers },
    });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 200);
    return new EventStream(response);
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** Whether it was ended by the other side, in order. */
  get wasComplete(): boolean {
    return this.response.complete;
  }

  get positions(): number[] {
    return this.events.map(({ position }) => position);
  }

  /** Takes nothing more until `resume`. */
  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  close(): void {
    this.response.destroy();
  }

  async untilCount(count: number): Promise<void> {
    await until(() => this.events.length >= count, { what: `${count} events`, within: 120_000 });
  }

  #read(chunk: string): void {
    const blocks = (this.#rest + chunk).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) this.comments += 1;
      const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [];
      if (id === undefined || data === undefined) continue;
      const event: Json = JSON.parse(data);
      assert.equal(event.position, Number(id));
      this.events.push(event);
    }
  }
}
