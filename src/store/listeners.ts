/**
 * The listeners of this process by channel. The connection that receives the notifications is
 * opened elsewhere.
 */
export class Listeners {
  readonly #byChannel = new Map<string, Set<(payload: string) => void>>();

  get channels(): string[] {
    return [...this.#byChannel.keys()];
  }

  /**
   * Answers whether the channel is new, so that the database must be told. It stays: channels are
   * few and come back.
   */
  add(channel: string, heard: (payload: string) => void): boolean {
    const known = this.#byChannel.get(channel);
    known?.add(heard);
    if (known === undefined) this.#byChannel.set(channel, new Set([heard]));
    return known === undefined;
  }

  remove(channel: string, heard: (payload: string) => void): void {
    this.#byChannel.get(channel)?.delete(heard);
  }

  tell(channel: string, payload: string): void {
    for (const heard of this.#byChannel.get(channel) ?? []) heard(payload);
  }

  /** After an interruption: something may have been missed on any channel. */
  tellAll(): void {
    for (const channel of this.#byChannel.keys()) this.tell(channel, '');
  }
}
