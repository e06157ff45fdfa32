import { randomUUID } from 'node:crypto';
import { newTag } from '../telephony/sip/identifiers.js';
import type { SipResponse } from '../telephony/sip/message.js';
import { formatHostPort } from '../telephony/sip/uri.js';
import type { UserAgent } from '../telephony/sip/user-agent.js';
import type { PhoneAccount } from './phone-setup.js';
import type { Trace } from './trace.js';

const ASKED_SECONDS = 300;

/**
 * Keeps one account registered (RFC 3261 10): refreshed at four fifths of what the
 * registrar grants.
 */
export class Registration {
  readonly #callId = randomUUID();
  readonly #fromTag = newTag();
  #sequence = 1;
  #refresh: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly userAgent: UserAgent,
    private readonly account: PhoneAccount,
    private readonly trace: Trace,
  ) {}

  /** Registers now; answers the final status. */
  async start(): Promise<number> {
    const response = await this.#send(ASKED_SECONDS);
    clearTimeout(this.#refresh);
    // Stopped while the answer was on its way: it must not go on by itself.
    if (response.status === 200 && !this.#stopped) {
      this.#refresh = setTimeout(() => void this.start(), grantedSeconds(response) * 800).unref();
    }
    return response.status;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#refresh);
    await this.#send(0);
  }

  async #send(seconds: number): Promise<SipResponse> {
    const { account } = this;
    const transport = account.transport === 'udp' ? '' : `;transport=${account.transport}`;
    const registrar = `sip:${formatHostPort(account.host, account.port)}${transport}`;
    const address = `sip:${account.user}@${formatHostPort(account.host)}`;
    const sequence = this.#sequence;
    // A challenge costs one more CSeq.
    this.#sequence += 2;
    this.trace({
      kind: 'sip',
      direction: 'sent',
      line: `REGISTER ${registrar}`,
      detail: `expires ${seconds}`,
    });
    const response = await this.userAgent.request({
      method: 'REGISTER',
      uri: registrar,
      from: `<${address}>`,
      to: `<${address}>`,
      credentials: { username: account.authUser, password: account.password },
      headers: { Expires: String(seconds) },
      callId: this.#callId,
      fromTag: this.#fromTag,
      sequence,
    });
    this.trace({
      kind: 'sip',
      direction: 'received',
      line: `${response.status} ${response.reason}`,
      detail: 'to REGISTER',
    });
    return response;
  }
}

/** What the registrar granted: the parameter of our Contact, else Expires. */
function grantedSeconds(response: SipResponse): number {
  const contact = /;\s*expires=(\d+)/i.exec(response.headers.get('Contact') ?? '')?.[1];
  return Number(contact ?? response.headers.get('Expires') ?? ASKED_SECONDS);
}
