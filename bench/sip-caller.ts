/**
 * The load's phone: it has an account, registers, calls, keys, and notes when it is told to fetch.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:dgram';
import { PhoneCall } from '../softphone/call.js';
import type { PhoneAccount } from '../softphone/phone-setup.js';
import { Registration } from '../softphone/registration.js';
import { Pacer } from '../telephony/media/pacer.js';
import { bindRtpSocket } from '../telephony/media/rtp-port-pool.js';
import { createResponse } from '../telephony/sip/message.js';
import { SipTransport } from '../telephony/sip/transport.js';
import { UserAgent } from '../telephony/sip/user-agent.js';

const silent = (): void => undefined;

export class Caller extends EventEmitter<{ notify: [number] }> {
  readonly #registration: Registration;

  private constructor(
    private readonly account: PhoneAccount,
    private readonly transport: SipTransport,
    private readonly pacer: Pacer,
    private readonly userAgent: UserAgent,
  ) {
    super();
    this.#registration = new Registration(userAgent, account, silent);
  }

  /** @param pacer the clock of its audio; those of one clock send at the same moment */
  static async open(account: PhoneAccount, pacer = new Pacer()): Promise<Caller> {
    const transport = await SipTransport.bind({ host: '127.0.0.1', port: 0 });
    const userAgent = new UserAgent({
      transport,
      contactUser: account.user,
      onRequest: (transaction) => {
        transaction.respond(createResponse(transaction.request, 200));
        if (transaction.request.method === 'NOTIFY') caller.emit('notify', performance.now());
      },
    });
    const caller: Caller = new Caller(account, transport, pacer, userAgent);
    return caller;
  }

  async register(): Promise<void> {
    const status = await this.#registration.start();
    if (status !== 200) throw new Error(`REGISTER: ${status}`);
  }

  /**
   * Calls, and resolves when it is answered, or refused. `socket` is that of its audio; null where
   * there is none.
   */
  async call(dialled: string): Promise<{ call: PhoneCall; socket: Socket | null }> {
    const { account, userAgent, pacer } = this;
    const socket = await bindRtpSocket('127.0.0.1');
    const call = new PhoneCall({
      userAgent,
      uri: `sip:${dialled}@${account.host}:${account.port}`,
      from: `<sip:${account.user}@${account.host}>`,
      credentials: { username: account.authUser, password: account.password },
      socket,
      pacer,
      ear: null,
      trace: silent,
    });
    const answer = await call.answer;
    return { call, socket: answer.kind === 'answered' ? socket : null };
  }

  async close(): Promise<void> {
    this.userAgent.close();
    await this.transport.close();
  }
}

/** An account of a server that asks for none, or that was told of this one. */
export function accountAt(sipPort: number, user: string = randomUUID(), password = 'secret'): PhoneAccount {
  return { label: user, user, authUser: user, password, host: '127.0.0.1', port: sipPort, transport: 'udp' };
}
