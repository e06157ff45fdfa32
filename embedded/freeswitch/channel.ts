import { randomUUID } from 'node:crypto';

import type { AudioCodec } from '../../telephony/media/format.js';
import type { ApplicationRun } from './applications/application.js';
import { findApplication } from './applications/index.js';
import { describeChannel } from './channel-data.js';
import type { ClipCache } from './clip-cache.js';
import { DigitQueue } from './digit-queue.js';
import type { QueuedDigit } from './digit-queue.js';
import type { EslEvent, EventListener, EventSource } from './events.js';
import type { HangupCause } from './hangup-causes.js';

/** Executes inside of executes; beyond it a client has lost its mind. */
const MAX_DEPTH = 64;

/** An application that has begun and not ended. */
interface Activation {
  readonly application: string;
  readonly data: string;
  readonly uuid: string;
  /** undefined when it was done at once. */
  readonly run: ApplicationRun | undefined;
  /** What it wants to send next; silence when undefined. */
  frame: Buffer | undefined;
}

export interface ChannelOptions {
  readonly uuid: string;
  readonly events: EventSource;
  readonly clips: ClipCache;
  /** The law in which frames are wanted at the moment. */
  readonly codec: () => AudioCodec;
  /** Counters of its RTP, as variables. */
  readonly statistics: () => Iterable<readonly [name: string, value: string]>;
  /** The channel has ended; its applications have been told. */
  readonly onEnded: (cause: HangupCause) => void;
  /** An application failed where it must not. */
  readonly onFault: (error: unknown) => void;
  /** The dialplan is to be run again. */
  readonly onTransfer: () => void;
}

/**
 * A call inside the media server: its variables, its applications, its digits.
 *
 * Applications are coroutines that yield one 20 ms frame after the other. Whatever is executed
 * while one runs is nested into it: the newest runs, the others stand still until it is done.
 */
export class Channel {
  readonly uuid: string;
  readonly variables = new Map<string, string>();
  readonly digits: DigitQueue;
  readonly clips: ClipCache;
  /** Event sockets of this channel alone. */
  readonly listeners = new Set<EventListener>();
  /**
   * 20 ms intervals since the channel began, those included in which an application stood still.
   */
  ticks = 0;
  /** Set to end the file that plays; the playback clears it. */
  breaking = false;
  /** Whether tones in the caller's audio are digits. */
  hearsTones = false;
  readonly #options: ChannelOptions;
  readonly #stack: Activation[] = [];
  #stopping = false;
  #advancing = false;
  #cause: HangupCause | undefined;
  #ended = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.uuid = options.uuid;
    this.clips = options.clips;
    this.digits = new DigitQueue((digit) => this.#reportDigit(digit));
  }

  /** False from the hang-up on. */
  get ready(): boolean {
    return this.#cause === undefined;
  }

  get cause(): HangupCause | undefined {
    return this.#cause;
  }

  get codec(): AudioCodec {
    return this.#options.codec();
  }

  /** Whether no application runs. */
  get parked(): boolean {
    return this.#stack.length === 0;
  }

  /**
   * Begins an application, inside of the one that runs. `uuid` names it in its events. Unknown ones
   * and floods end the call, as for real.
   */
  execute(application: string, argument: string, uuid: string = randomUUID()): void {
    if (!this.ready) return;
    const begin = findApplication(application);
    if (begin === undefined || this.#stack.length >= MAX_DEPTH) {
      this.hangup('DESTINATION_OUT_OF_ORDER');
      return;
    }
    const data = this.#expand(argument);
    this.#stopping = false;
    this.breaking = false;
    this.variables.set('current_application', application);
    this.variables.set('current_application_data', data);
    this.variables.delete('current_application_response');
    this.fire('CHANNEL_EXECUTE', {
      Application: application,
      'Application-Data': data,
      'Application-UUID': uuid,
    });
    const run = this.#guard(() => begin(this, data));
    const activation: Activation = { application, data, uuid, run, frame: undefined };
    this.#stack.push(activation);
    this.#advance(activation);
  }

  /** 20 ms have passed: the frame to send now, undefined for silence. */
  tick(): Buffer | undefined {
    this.ticks++;
    const top = this.#stack.at(-1);
    if (top === undefined) {
      this.digits.take(); // digits that come while nothing listens are told and lost
      return undefined;
    }
    const { frame } = top;
    this.#advance(top);
    return frame;
  }

  receiveDigit(digit: QueuedDigit): void {
    if (!this.ready) return;
    this.digits.put(digit);
    if (this.parked) this.digits.take();
  }

  /**
   * `uuid_break`: ends the file that plays, in the innermost application and then in those around
   * it.
   */
  stopPlaying(): void {
    this.breaking = true;
    this.#stopping = !this.parked;
  }

  /** `uuid_set_media_stats`: makes variables of the counters as they are now. */
  recordStatistics(): void {
    for (const [name, value] of this.#options.statistics()) this.variables.set(name, value);
  }

  hangup(cause: HangupCause): void {
    if (!this.ready) return;
    this.#cause = cause;
    this.fire('CHANNEL_HANGUP', {});
    if (!this.#advancing) this.#unwind();
  }

  /** Runs the dialplan again: who controls the channel loses it. */
  transfer(): void {
    const released = [...this.listeners];
    this.listeners.clear();
    for (const listener of released) listener.end();
    this.#options.onTransfer();
  }

  fire(name: string, headers: EslEvent): void {
    const { events } = this.#options;
    events.fire(name, () => ({ ...describeChannel(this, name), ...headers }), this.listeners);
  }

  #advance(activation: Activation): void {
    const step = this.#guard(() => activation.run?.next());
    if (step?.done === false) activation.frame = step.value;
    else this.#complete(activation, step?.done === true ? step.value : undefined);
    if (!this.ready) this.#unwind();
  }

  /**
   * Runs a piece of an application. A hang-up in it takes effect after it; a fault in it ends this
   * call and no other.
   */
  #guard<T>(run: () => T): T | undefined {
    this.#advancing = true;
    try {
      return run();
    } catch (error) {
      this.#options.onFault(error);
      this.hangup('NORMAL_TEMPORARY_FAILURE');
      return undefined;
    } finally {
      this.#advancing = false;
    }
  }

  #complete({ application, data, uuid }: Activation, response: string | undefined): void {
    this.#stack.pop();
    if (this.#stopping) this.breaking = true;
    if (response !== undefined) this.variables.set('current_application_response', response);
    this.fire('CHANNEL_EXECUTE_COMPLETE', {
      Application: application,
      'Application-Data': data,
      'Application-Response': response ?? '_none_',
      'Application-UUID': uuid,
    });
  }

  /** Lets every application notice that the call is over, the innermost first. */
  #unwind(): void {
    if (this.#ended || this.#cause === undefined) return;
    this.#ended = true;
    for (let top = this.#stack.at(-1); top !== undefined; top = this.#stack.at(-1)) {
      const { run } = top;
      const step = this.#guard(() => run?.next());
      this.#complete(top, step?.done === true ? step.value : undefined);
    }
    this.fire('CHANNEL_EXECUTE_COMPLETE', { Application: 'socket', 'Application-Response': '_none_' });
    this.fire('CHANNEL_CALLSTATE', {
      'Original-Channel-Call-State': 'ACTIVE',
      'Channel-Call-State-Number': '10',
    });
    this.#options.onEnded(this.#cause);
    for (const listener of this.listeners) listener.end();
  }

  /** Replaces `${name}` by the variable's value. */
  #expand(text: string): string {
    return text.replace(/\$\{([^{}]+)\}/g, (_, name: string) => this.variables.get(name) ?? '');
  }

  #reportDigit({ digit, duration, source }: QueuedDigit): void {
    this.fire('DTMF', { 'DTMF-Digit': digit, 'DTMF-Duration': `${duration}`, 'DTMF-Source': source });
  }
}
