/** A receiver of webhooks, as a customer would write one. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Webhook } from 'standardwebhooks';
import type { TestCertificate } from './certificate.js';
import { until } from './wait-for.js';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

type Answer = Parameters<RequestListener>[1];

export class WebhookReceiver {
  readonly received: Received[] = [];
  /** What is answered to the next ones: a status, or anything else. */
  answer: number | ((response: Answer, received: Received) => void) = 204;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(t: TestContext, tls: TestCertificate | null = null): Promise<WebhookReceiver> {
    const listener: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const received = { path: request.url ?? '', headers: request.headers, body };
        receiver.received.push(received);
        if (typeof receiver.answer === 'number') response.writeHead(receiver.answer).end('answered');
        else receiver.answer(response, received);
      });
    };
    const server =
      tls === null
        ? createServer(listener)
        : createTlsServer({ cert: tls.certificate, key: tls.key }, listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const receiver = new WebhookReceiver(server, `${tls === null ? 'http' : 'https'}://127.0.0.1:${port}`);
    t.after(() => receiver.stop());
    return receiver;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  async untilCount(count: number): Promise<Received[]> {
    await until(() => this.received.length >= count, { what: `${count} messages at a receiver` });
    return this.received;
  }

  get ids(): (string | string[] | undefined)[] {
    return this.received.map(({ headers }) => headers['webhook-id']);
  }

  get positions(): number[] {
    return this.received.map(({ body }) => JSON.parse(body).data.position);
  }
}

/**
 * What the specification's own library makes of a message.
 *
 * @throws WebhookVerificationError when the signature is not of this secret, or its time is not now
 */
// eslint-disable-next-line typescript/no-explicit-any -- a test looks at single members
export function verified(secret: string, { headers, body }: Received): any {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}
