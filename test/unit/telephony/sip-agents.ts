import type { TestContext } from 'node:test';

import { createResponse, type SipMessage } from '../../../telephony/sip/message.js';
import { parseMessage } from '../../../telephony/sip/parse.js';
import type { ServerTransaction } from '../../../telephony/sip/transaction.js';
import { UserAgent, type UserAgentOptions } from '../../../telephony/sip/user-agent.js';
import { FAST, Inbox, openTransport } from './sip-peers.js';

export interface Agent {
  readonly agent: UserAgent;
  readonly uri: string;
  readonly sent: Inbox<SipMessage>;
}

export async function openAgent(
  t: TestContext,
  options: Partial<UserAgentOptions> = {},
  drop: (message: SipMessage) => boolean = () => false,
): Promise<Agent> {
  const sent = new Inbox<SipMessage>();
  const transport = await openTransport(t, {
    beforeSend: (bytes) => {
      const message = parseMessage(bytes);
      if (message.kind === 'malformed') return true;
      sent.put(message);
      return !drop(message);
    },
  });
  const agent = new UserAgent({ transport, timers: FAST, product: 'test', ...options });
  t.after(() => agent.close());
  return { agent, uri: `sip:bob@127.0.0.1:${transport.port}`, sent };
}

export const ALICE = 'Alice <sip:alice@127.0.0.1>';
export const ok = (transaction: ServerTransaction) => {
  transaction.respond(createResponse(transaction.request, 200, { toTag: 'x' }));
};
/** The methods of the requests sent, without repeats: those have the branch of the first. */
export function methods(sent: Inbox<SipMessage>): string[] {
  const requests = sent.all.flatMap((each) => (each.kind === 'request' ? [each] : []));
  const byBranch = new Map(
    requests.map(({ method, headers }) => [`${method} ${headers.get('Via')}`, method]),
  );
  return [...byBranch.values()];
}
