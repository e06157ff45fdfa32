import type { Socket } from 'node:dgram';

import type { Pacers } from '../../telephony/media/pacers.js';
import type { RtpPortPool } from '../../telephony/media/rtp-port-pool.js';
import type { IncomingInvite } from '../../telephony/sip/incoming-invite.js';
import type { SipRequest } from '../../telephony/sip/message.js';
import type { EngineLog } from '../log.js';
import { Call } from './call.js';
import type { Channel } from './channel.js';
import type { ClipCache } from './clip-cache.js';
import type { Core } from './core.js';
import { readInvitation } from './invitation.js';
import type { Invitation } from './invitation.js';
import { CallSdp } from './call-media.js';
import { openOutboundSocket } from './outbound-socket.js';
import { acceptAnswer, renegotiate } from './renegotiation.js';

export interface ReceptionOptions {
  readonly core: Core;
  /** The channels of `core`; only the reception adds to them. */
  readonly channels: Map<string, Channel>;
  readonly clips: ClipCache;
  readonly pacer: Pacers;
  readonly ports: RtpPortPool;
  /** The address that goes into our SDP. */
  readonly mediaAddress: string;
  readonly mediaTimeoutMs: number;
  readonly log: EngineLog;
}

/**
 * Takes the INVITEs by which clients ask for channels, and connects each channel with its client.
 */
export class Reception {
  readonly #options: ReceptionOptions;
  /** Calls from the INVITE to the ACK; with the channels they make up the sessions. */
  #arriving = 0;
  #closed = false;

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  /** Ends every call and takes no more. */
  close(): void {
    this.#closed = true;
    for (const channel of this.#options.channels.values()) channel.hangup('MANAGER_REQUEST');
  }

  /** Answers an INVITE, whatever is in it. Never rejects. */
  async receive(invite: IncomingInvite): Promise<void> {
    const { core, channels, log } = this.#options;
    const reading = readInvitation(invite.request);
    if (reading.kind === 'refused') {
      log('info', 'INVITE refused', { status: reading.status, reason: reading.reason });
      invite.reject(reading.status);
      return;
    }
    if (this.#closed || channels.size + this.#arriving >= core.maxSessions) {
      log('warn', 'INVITE refused: no session free', { sessions: channels.size });
      invite.reject(503);
      return;
    }
    this.#arriving++;
    try {
      await this.#admit(invite, reading.invitation);
    } catch (error) {
      log('error', 'INVITE failed', { reason: String(error) });
      invite.reject(500);
    } finally {
      this.#arriving--;
    }
  }

  async #admit(invite: IncomingInvite, invitation: Invitation): Promise<void> {
    const { ports, mediaAddress, log } = this.#options;
    let cancelled = false;
    invite.onCancelled = () => (cancelled = true);
    const bound = await ports.acquire();
    if (bound.kind === 'exhausted') {
      log('warn', 'INVITE refused: no RTP port free', { used: ports.used });
      invite.reject(503);
      return;
    }
    if (cancelled || this.#closed) {
      bound.socket.close();
      if (!cancelled) invite.reject(503);
      return;
    }
    const local = new CallSdp({ address: mediaAddress, port: bound.port });
    const { remote, format, sdp } = invitation;
    const body = remote === undefined ? local.offer() : local.answer(remote, format);
    const call = this.#createCall(invitation, bound.socket, local);
    describeInvite(invite.request, call.channel);
    call.negotiate(remote, format, sdp);
    await this.#answer(invite, call, invitation, body);
  }

  async #answer(
    invite: IncomingInvite,
    call: Call,
    { client, remote }: Invitation,
    body: string,
  ): Promise<void> {
    const { core, channels, log } = this.#options;
    const { channel } = call;
    channels.set(channel.uuid, channel);
    const outcome = await invite.answer({ body });
    if (outcome.kind === 'failed') {
      channel.hangup('RECOVERY_ON_TIMER_EXPIRE');
      return;
    }
    const { session } = outcome;
    session.onReinvite = (again) => {
      renegotiate(call, again).catch((error: unknown) =>
        log('error', 're-INVITE failed', { reason: String(error) }),
      );
    };
    if (remote === undefined) acceptAnswer(call, outcome.ack);
    call.start(session);
    log('debug', 'channel begun', { channel: channel.uuid });
    if (channel.ready) openOutboundSocket(core, channel, client, log);
  }

  #createCall({ client, format }: Invitation, socket: Socket, local: CallSdp): Call {
    const { core, channels, clips, pacer, mediaTimeoutMs, log } = this.#options;
    return new Call({
      socket,
      local,
      format,
      events: core.events,
      clips,
      pacer,
      mediaTimeoutMs,
      onFault: (error) => log('error', 'application failed', { reason: String(error) }),
      // There is one thing to do with a call here: to hand it to its client.
      onTransfer: ({ channel }) => openOutboundSocket(core, channel, client, log),
      onEnded: ({ channel }, cause) => {
        channels.delete(channel.uuid);
        log('debug', 'channel ended', { channel: channel.uuid, cause });
      },
    });
  }
}

/** Variables that tell of the INVITE, and those that the dialplan sets. */
function describeInvite({ headers }: SipRequest, { variables, uuid }: Channel): void {
  const told: Record<string, string | undefined> = {
    uuid,
    channel_name: `sofia/drachtio_mrf/${uuid}`,
    sip_call_id: headers.get('Call-ID'),
    sip_user_agent: headers.get('User-Agent'),
    'sip_h_X-esl-outbound': headers.get('X-esl-outbound'),
    send_silence_when_idle: '-1',
    playback_terminators: 'none',
  };
  for (const [name, value] of Object.entries(told)) if (value !== undefined) variables.set(name, value);
}
