/**
 * An emergency gateway for tests: answers by the user that is called (a status, `silent`, `trying`,
 * `ringing`, `moved` with a redirection to 112, `wordless` with a 200 that has no SDP) or as its
 * behaviour says.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { branch, first, formatMessage, parseMessage, respond, type Message } from './sip-wire.js';

export interface Gateway {
  address: string;
  mediaPort: number;
  /** `reliable-early-media` (RFC 3262): answers when the PRACK has come. */
  behaviour: 'answer' | 'early-media' | 'reliable-early-media' | 'ring';
  invites: Message[];
  acks: number;
  ackBody: string;
  reinvites: Message[];
  /**
   * PRACK, and whatever else comes within the call: UPDATE and MESSAGE are answered 200 with their
   * own body.
   */
  others: Message[];
  /** Answers to requests of ours. */
  responses: Message[];
  /** Statuses with which the next re-INVITEs are refused. */
  refusals: number[];
  byes: number;
  cancels: number;
  hangUp(): void;
  /** Sends a request within the call that was answered last. */
  request(method: string, extra?: [string, string][], body?: string): void;
  reset(): void;
  close(): void;
}

export async function startGateway(): Promise<Gateway> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const contact: [string, string] = ['Contact', `<sip:gateway@127.0.0.1:${port}>`];
  const type: [string, string] = ['Content-Type', 'application/sdp'];
  const sdp = [
    'v=0',
    'o=gateway 7 7 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'm=audio 45678 RTP/AVP 0',
    'a=rtpmap:0 PCMU/8000',
    '',
  ].join('\r\n');
  let sequence = 98;
  let peer = { port: 0, address: '' };
  let answered: Message | null = null;
  let pracked: (() => void) | null = null;
  const send = (text: string): void => socket.send(text, peer.port, peer.address);

  const invited = (invite: Message): void => {
    const user = /^INVITE sip:([^@]+)@/.exec(invite.start)?.[1] ?? '';
    if (user === 'silent') return;
    gateway.invites.push(invite);
    send(respond(invite, 100));
    if (user === 'trying') return;
    if (user === 'ringing') return send(respond(invite, 180, [contact]));
    if (user === 'moved') return send(respond(invite, 302, [['Contact', `<sip:112@${gateway.address}>`]]));
    if (/^[3-6]\d\d$/.test(user)) return send(respond(invite, Number(user)));
    if (gateway.behaviour === 'ring') return send(respond(invite, 180, [contact]));
    const answer = (): void => {
      answered = invite;
      send(
        user === 'wordless' ? respond(invite, 200, [contact]) : respond(invite, 200, [contact, type], sdp),
      );
    };
    if (gateway.behaviour === 'answer') return answer();
    if (gateway.behaviour === 'reliable-early-media') {
      const reliable: [string, string][] = [contact, type, ['Require', '100rel'], ['RSeq', '7']];
      pracked = answer;
      return send(respond(invite, 183, reliable, sdp).replace('tag=t183x', 'tag=t200x'));
    }
    send(respond(invite, 183, [contact, type], sdp).replace('tag=t183x', 'tag=t200x'));
    setTimeout(answer, 300);
  };

  const reinvited = (invite: Message): void => {
    gateway.reinvites.push(invite);
    const refusal = gateway.refusals.shift();
    send(refusal === undefined ? respond(invite, 200, [contact, type], sdp) : respond(invite, refusal));
  };

  socket.on('message', (packet, from) => {
    peer = from;
    const message = parseMessage(packet.toString('latin1'));
    switch (message.method) {
      case 'INVITE':
        if (/;tag=/.test(first(message, 'to'))) reinvited(message);
        else if (!gateway.invites.some((one) => first(one, 'via') === first(message, 'via')))
          invited(message);
        return;
      case 'ACK':
        gateway.acks += 1;
        gateway.ackBody = message.body;
        return;
      case 'BYE':
        gateway.byes += 1;
        return send(respond(message, 200));
      case 'CANCEL': {
        gateway.cancels += 1;
        send(respond(message, 200));
        const invite = gateway.invites.find((one) => first(one, 'call-id') === first(message, 'call-id'));
        if (invite) send(respond(invite, 487));
        return;
      }
      case '':
        gateway.responses.push(message);
        return;
      case 'PRACK':
        gateway.others.push(message);
        send(respond(message, 200));
        pracked?.();
        pracked = null;
        return;
      default:
        gateway.others.push(message);
        return send(respond(message, 200, [contact, type], message.body));
    }
  });

  const gateway: Gateway = {
    address: `127.0.0.1:${port}`,
    mediaPort: 45_678,
    behaviour: 'answer',
    invites: [],
    acks: 0,
    ackBody: '',
    reinvites: [],
    others: [],
    responses: [],
    refusals: [],
    byes: 0,
    cancels: 0,
    hangUp: () => gateway.request('BYE'),
    request: (method, extra = [], body = '') => {
      if (answered === null) return;
      const target = /<([^>]+)>/.exec(first(answered, 'contact'))?.[1] ?? '';
      const headers: [string, string][] = [
        ['Via', `SIP/2.0/UDP 127.0.0.1:${port};branch=${branch()}`],
        ['Max-Forwards', '70'],
        ['From', `${first(answered, 'to')};tag=t200x`],
        ['To', first(answered, 'from')],
        ['Call-ID', first(answered, 'call-id')],
        ['CSeq', `${(sequence += 1)} ${method}`],
        contact,
      ];
      send(formatMessage(`${method} ${target} SIP/2.0`, [...headers, ...extra], body));
    },
    reset: () => {
      gateway.behaviour = 'answer';
      gateway.invites = [];
      gateway.reinvites = [];
      gateway.others = [];
      gateway.responses = [];
      gateway.refusals = [];
      gateway.acks = gateway.byes = gateway.cancels = 0;
      gateway.ackBody = '';
    },
    close: () => socket.close(),
  };
  return gateway;
}
