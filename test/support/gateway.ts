/**
 * What an emergency route leads to: a SIP user agent that answers every call and remembers who
 * called.
 */
import { chooseFormat, readSdp } from '../../telephony/media/sdp.js';
import { writeAnswer } from '../../telephony/media/sdp-writing.js';
import type { AnswerOutcome } from '../../telephony/sip/incoming-invite.js';
import type { InviteSession } from '../../telephony/sip/invite-session.js';
import { SipTransport } from '../../telephony/sip/transport.js';
import { UserAgent } from '../../telephony/sip/user-agent.js';

export interface GatewayCall {
  /** The request URI: the dialled number is its user part. */
  uri: string;
  from: string;
  /** Resolves when the call is over. */
  session: InviteSession;
}

export class Gateway {
  readonly calls: GatewayCall[] = [];

  private constructor(
    readonly route: string,
    readonly close: () => Promise<void>,
  ) {}

  static async start(): Promise<Gateway> {
    const transport = await SipTransport.bind({ host: '127.0.0.1', port: 0 });
    const userAgent: UserAgent = new UserAgent({
      transport,
      onInvite: (invite) => {
        const offer = readSdp(invite.request.body.toString());
        if (offer.kind !== 'audio') return invite.reject(488);
        const rtp = { address: '127.0.0.1', port: 40_000 };
        const body = writeAnswer(
          { rtp, sessionId: 1, sessionVersion: 1 },
          offer.audio,
          chooseFormat(offer.audio),
        );
        invite.progress(180);
        const remember = (outcome: AnswerOutcome): void => {
          if (outcome.kind !== 'established') return;
          const from = invite.request.headers.get('From') ?? '';
          gateway.calls.push({ uri: invite.request.uri, from, session: outcome.session });
        };
        void invite.answer({ body }).then(remember);
      },
    });
    const gateway = new Gateway(`sip:127.0.0.1:${transport.port}`, async () => {
      userAgent.close();
      await transport.close();
    });
    return gateway;
  }
}
