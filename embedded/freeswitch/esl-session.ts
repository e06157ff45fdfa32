import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';

import { runApi } from './api.js';
import { describeChannel } from './channel-data.js';
import type { Channel } from './channel.js';
import type { Core } from './core.js';
import {
  apiResponse,
  channelDataReply,
  commandReply,
  disconnectNotice,
  EslReader,
  eventFrame,
} from './esl-frame.js';
import type { EslCommand } from './esl-frame.js';
import type { EslEvent, EventListener } from './events.js';
import { Subscription } from './subscription.js';

/** A client that does not read its events is disconnected when so much waits for it. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;

/**
 * The conversation with one event socket client that may speak: one that has authenticated itself,
 * or the one that controls a channel.
 */
export class EslSession implements EventListener {
  readonly #socket: Socket;
  readonly #core: Core;
  readonly #channel: Channel | undefined;
  readonly #reader: EslReader;
  readonly #subscription = new Subscription();

  /**
   * `reader` has what a client said before it was let in. `channel` is the one that an outbound
   * socket controls.
   */
  constructor(socket: Socket, core: Core, channel: Channel | undefined, reader = new EslReader()) {
    this.#socket = socket;
    this.#core = core;
    this.#channel = channel;
    this.#reader = reader;
  }

  wants(name: string): boolean {
    return this.#subscription.wants(name);
  }

  deliver(event: EslEvent): void {
    if (this.#subscription.passes(event)) this.#write(eventFrame(this.#subscription.format, event));
  }

  /** Takes bytes of the client. */
  receive(chunk: Buffer): void {
    const reading = this.#reader.push(chunk);
    if (reading.kind === 'overflow') this.#socket.destroy();
    else for (const command of reading.commands) this.run(command);
  }

  /** Says goodbye and closes. */
  end(): void {
    if (this.#socket.writable) this.#socket.end(disconnectNotice());
  }

  run(command: EslCommand): void {
    const [verb = '', ...words] = command.line.split(/ +/);
    switch (verb.toLowerCase()) {
      case 'api':
        this.#write(apiResponse(runApi(this.#core, words.join(' ')) || '-ERR no reply\n'));
        break;
      case 'bgapi':
        this.#runInBackground(words.join(' '), command.headers.get('job-uuid') ?? randomUUID());
        break;
      case 'connect':
        this.#connect();
        break;
      case 'sendmsg':
        this.#sendMessage(words[0], command);
        break;
      case 'exit':
        this.#write(commandReply('+OK bye'));
        this.end();
        break;
      default:
        this.#write(commandReply(this.#answer(verb.toLowerCase(), words)));
    }
  }

  /** Commands that need nothing but a line of reply. */
  #answer(verb: string, words: readonly string[]): string {
    switch (verb) {
      case 'event':
        return this.#subscription.add(words);
      case 'nixevent':
        return this.#subscription.remove(words);
      case 'noevents':
        return this.#subscription.clear();
      case 'filter':
        return this.#subscription.filter(words);
      case 'myevents':
        return this.#subscription.add([...words, 'ALL']).startsWith('+')
          ? '+OK Events Enabled'
          : '-ERR invalid syntax';
      case 'linger': // events end with the channel here, there is nothing to wait for
        return this.#channel === undefined ? '-ERR not controlling a session' : '+OK will linger';
      case 'nolinger':
        return this.#channel === undefined ? '-ERR not controlling a session' : '+OK will not linger';
      case 'getvar':
        return this.#channel?.variables.get(words[0] ?? '') ?? '-ERR not found';
      case 'log':
        return '-ERR permission denied';
      case 'nolog':
        return '-ERR not loging';
      default:
        return '-ERR command not found';
    }
  }

  #connect(): void {
    const channel = this.#channel;
    if (channel === undefined) {
      this.#write(commandReply('-ERR command not found'));
      return;
    }
    const event = this.#core.events.stamp('CHANNEL_DATA', {
      ...describeChannel(channel, 'CHANNEL_DATA'),
      'Channel-Unique-ID': channel.uuid,
      'Socket-Mode': 'async',
      Control: 'full',
    });
    this.#write(channelDataReply(event));
  }

  /**
   * `sendmsg [<uuid>]`: a command to a channel, in headers. The reply goes first: events of what is
   * done at once must not overtake it.
   */
  #sendMessage(uuid: string | undefined, { headers }: EslCommand): void {
    const channel = uuid === undefined ? this.#channel : this.#core.channels.get(uuid);
    const command = headers.get('call-command');
    if (channel === undefined) this.#write(commandReply(`-ERR invalid session id [${uuid ?? ''}]`));
    else if (command === 'execute') {
      this.#write(commandReply('+OK'));
      channel.execute(
        headers.get('execute-app-name') ?? '',
        headers.get('execute-app-arg') ?? '',
        headers.get('event-uuid'),
      );
    } else if (command === 'hangup') {
      this.#write(commandReply('+OK'));
      channel.execute('hangup', headers.get('hangup-cause') ?? '');
    } else this.#write(commandReply('-ERR invalid command'));
  }

  #runInBackground(text: string, job: string): void {
    this.#write(commandReply(`+OK Job-UUID: ${job}`, `Job-UUID: ${job}\n`));
    const body = runApi(this.#core, text);
    const [name = '', ...words] = text.split(' ');
    this.#core.events.fire(
      'BACKGROUND_JOB',
      () => ({
        'Job-UUID': job,
        'Job-Command': name,
        'Job-Command-Arg': words.join(' '),
        'Content-Length': `${Buffer.byteLength(body)}`,
        _body: body,
      }),
      this.#channel === undefined ? [] : [this],
    );
  }

  #write(text: string): void {
    if (!this.#socket.writable) return;
    this.#socket.write(text);
    if (this.#socket.writableLength > MAX_BACKLOG_BYTES) this.#socket.destroy();
  }
}
