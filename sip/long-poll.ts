import { pause } from './time-limit.js';

/** A question that the internal app answers when there is news, or after a while. */
export interface Question<News> {
  ask(signal: AbortSignal): Promise<News>;
  /** The next question waits for it. It must not throw. */
  hear(news: News, signal: AbortSignal): Promise<void> | void;
  /** It could not be asked. It must not throw. */
  onFailure(error: unknown): void;
  /** Milliseconds from a failure to the next try. */
  retryMs: number;
}

/** Asks again and again, from start to stop. */
export class LongPoll<News> {
  readonly #stopped = new AbortController();
  #running: Promise<void> | null = null;

  constructor(private readonly question: Question<News>) {}

  start(): void {
    this.#running ??= this.#run(this.#stopped.signal);
  }

  /** Resolves when what was heard last has been dealt with. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { question } = this;
    while (!signal.aborted) {
      let news: News;
      try {
        news = await question.ask(signal);
      } catch (error) {
        if (signal.aborted) return;
        question.onFailure(error);
        await pause(question.retryMs, signal);
        continue;
      }
      await question.hear(news, signal);
    }
  }
}
