import type Mrf from 'drachtio-fsmrf';
import type { Logger } from 'pino';
import { answerWhole, readPlainAudio } from './plain-audio.js';
import { reinvite } from './reinvite.js';
import { errorText, type Dialog } from '../sip-messages.js';
import { within } from '../time-limit.js';
import type { DigitSource } from '../ivr/keypad.js';

const COMMAND_LIMIT_MS = 5000;
/** FreeSWITCH tells how long a key was held in samples at 8 kHz. */
const SAMPLES_PER_MS = 8;

/**
 * `interrupted`: as asked. `overdue`: the media server has not reported the end in time. `gone`:
 * there is no endpoint any more.
 */
export type PlayOutcome = 'played' | 'interrupted' | 'missing' | 'overdue' | 'gone';

/** FreeSWITCH's names for the way a digit came (header DTMF-Source). */
const SOURCES: Readonly<Record<string, DigitSource>> = {
  RTP: 'rtp',
  ENDPOINT: 'info',
  INBAND_AUDIO: 'in-band',
};

/**
 * One caller's end at the media server. Everything that fsmrf would wait for without limit (its
 * promises never settle once FreeSWITCH is gone or hangs) has one here, and nothing here rejects
 * but renegotiate().
 */
export class MediaEndpoint {
  /** Its latest word, an answer or an offer. */
  #localSdp: string;
  #listensForTones = false;
  readonly #gone = new AbortController();
  #destroyed: Promise<void> | null = null;
  readonly #dialog: Dialog; // fsmrf forgets it on its side when it is destroyed

  /** @param localSdp the media server's answer to the caller's whole offer */
  constructor(
    private readonly endpoint: Mrf.Endpoint,
    localSdp: string,
    private readonly log: Logger,
  ) {
    this.#localSdp = localSdp;
    this.#dialog = endpoint.dialog;
    endpoint.on('destroy', () => this.#gone.abort());
    this.#dialog.on('destroy', () => this.#gone.abort());
    if (!endpoint.connected || !this.#dialog.connected) this.#gone.abort();
  }

  get localSdp(): string {
    return this.#localSdp;
  }

  /** Aborted when FreeSWITCH has ended it, or is no more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Its media server hangs: there is no endpoint any more, whatever may still be said about it. */
  abandon(): void {
    this.#gone.abort();
  }

  onGone(listener: () => void): void {
    if (this.gone.aborted) listener();
    else this.gone.addEventListener('abort', listener, { once: true });
  }

  /**
   * Keys as FreeSWITCH hears them: during a playback, between two, and while nothing runs. `lasted`
   * is in milliseconds.
   */
  onDigit(listener: (key: string, source: DigitSource, lasted: number) => void): void {
    this.endpoint.on('dtmf', ({ dtmf, source, duration }) => {
      const samples = Number(duration);
      listener(dtmf, SOURCES[source] ?? 'rtp', samples > 0 ? samples / SAMPLES_PER_MS : 0);
    });
  }

  /**
   * For callers whose phone has no telephone-event, or does not use it: listen for the tones
   * themselves.
   */
  async listenForTones(): Promise<void> {
    if (this.#listensForTones || this.gone.aborted) return;
    this.#listensForTones = true;
    await this.#command('start_dtmf', () => this.endpoint.execute('start_dtmf', ''));
  }

  /**
   * Plays one file. There is never a second playback before the first has reported its end: in
   * FreeSWITCH it would nest inside it, and the first would go on afterwards.
   */
  async play(file: string, limitMs: number, stop: AbortSignal): Promise<PlayOutcome> {
    if (this.gone.aborted) return 'gone';
    const playing = this.endpoint.play(file).then(
      (): PlayOutcome => (stop.aborted ? 'interrupted' : 'played'),
      (error: unknown): PlayOutcome => (errorText(error) === 'File Not Found' ? 'missing' : 'gone'),
    );
    return new Promise((resolve) => {
      const settle = (outcome: PlayOutcome): void => {
        clearTimeout(timer);
        this.gone.removeEventListener('abort', onGone);
        stop.removeEventListener('abort', onStop);
        resolve(outcome);
      };
      const onGone = (): void => settle('gone');
      const onStop = (): void => {
        clearTimeout(timer);
        timer = setTimeout(settle, COMMAND_LIMIT_MS, 'overdue');
        void this.#command('uuid_break', () => this.endpoint.api('uuid_break', this.endpoint.uuid));
      };
      let timer = setTimeout(settle, limitMs, 'overdue');
      this.gone.addEventListener('abort', onGone, { once: true });
      stop.addEventListener('abort', onStop, { once: true });
      void playing.then(settle);
    });
  }

  /**
   * Offers the media server other media (an answer that came in an ACK, a re-INVITE of the
   * caller's); answers what it says to the whole of the caller's offer. Rejects when there is no
   * audio in common, and when it does not answer.
   */
  async renegotiate(sdp: string): Promise<string> {
    const audio = readPlainAudio(sdp);
    if (audio === null) throw new Error('an offer without plain audio');
    const answer = await within(
      COMMAND_LIMIT_MS,
      're-INVITE to the media server',
      reinvite(this.#dialog, audio.sdp),
    );
    const whole = answerWhole(audio, answer);
    if (whole === null) throw new Error('the media server answered without audio');
    this.#localSdp = whole;
    return whole;
  }

  /**
   * Frees the channel; whatever is played ends at once. fsmrf's own destroy waits for a BYE from
   * FreeSWITCH; one that does not come is sent from here.
   */
  destroy(): Promise<void> {
    return (this.#destroyed ??= this.#destroy());
  }

  async #destroy(): Promise<void> {
    this.#gone.abort();
    await this.#command('hangup', () => this.endpoint.destroy());
    if (this.#dialog.connected) await this.#command('BYE to the media server', () => this.#dialog.destroy());
  }

  async #command(what: string, send: () => Promise<unknown>): Promise<void> {
    try {
      await within(COMMAND_LIMIT_MS, what, send());
    } catch (error) {
      this.log.debug({ reason: errorText(error) }, `media server: ${what} failed`);
    }
  }
}
