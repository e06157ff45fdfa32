/**
 * Requests being proxied, by the server transaction they came in, so that a CANCEL finds its way.
 */
export class ProxiedRequests {
  readonly #byKey = new Map<string, { cancel(): void; close(): void }>();

  add(key: string, proxy: { cancel(): void; close(): void }): void {
    this.#byKey.set(key, proxy);
  }

  /** Cancels the proxied INVITE of that transaction; false when it is not proxied. */
  cancel(key: string): boolean {
    const proxy = this.#byKey.get(key);
    proxy?.cancel();
    return proxy !== undefined;
  }

  remove(key: string): void {
    this.#byKey.delete(key);
  }

  close(): void {
    for (const proxy of this.#byKey.values()) proxy.close();
    this.#byKey.clear();
  }
}
