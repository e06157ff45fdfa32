import type { Logger } from 'pino';
import type { MediaEndpoint, PlayOutcome } from '../media/media-endpoint.js';
import type { PromptName } from './prompt-names.js';
import type { Prompts, Recording } from './prompts.js';

/**
 * On top of a prompt's length before a playback counts as hung, and for prompts whose length is not
 * known.
 */
const PLAY_MARGIN_MS = 3000;
const UNKNOWN_LENGTH_MS = 20_000;

/** Says prompts to one caller, one after the other; stops when it is told to. */
export class Announcer {
  constructor(
    private readonly endpoint: MediaEndpoint,
    private readonly prompts: Prompts,
    /** As `Prompts.choose` answers it. */
    private readonly language: string,
    private readonly log: Logger,
  ) {}

  /** Resolves when all has been said, or soon after `stop` (barge-in, or the caller is gone). */
  async say(names: readonly PromptName[], stop: AbortSignal): Promise<void> {
    for (const name of names) {
      if (stop.aborted || this.endpoint.gone.aborted) return;
      const prompt = await this.prompts.find(this.language, name);
      const outcome = await this.#say(prompt, stop);
      if (outcome === 'missing' && prompt.instead !== null) await this.#say(prompt.instead, stop);
    }
  }

  async #say(recording: Recording, stop: AbortSignal): Promise<PlayOutcome> {
    const startedAt = performance.now();
    const outcome = await this.#play(recording, stop);
    // A break that reached FreeSWITCH just after a playback had ended waits there for the next one,
    // and ends it at once.
    const played = performance.now() - startedAt;
    const cut =
      outcome === 'played' && recording.milliseconds !== null && played < recording.milliseconds / 2;
    return cut ? this.#play(recording, stop) : outcome;
  }

  async #play({ file, milliseconds }: Recording, stop: AbortSignal): Promise<PlayOutcome> {
    if (stop.aborted) return 'interrupted';
    const limit = milliseconds === null ? UNKNOWN_LENGTH_MS : milliseconds + PLAY_MARGIN_MS;
    const outcome = await this.endpoint.play(file, limit, stop);
    if (outcome === 'missing') this.log.error({ file }, 'the media server does not find a prompt');
    if (outcome === 'overdue') this.log.warn({ file }, 'a prompt did not end in time');
    return outcome;
  }
}
