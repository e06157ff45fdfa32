/**
 * Which application connections want which requests (`route|<verb>`), and whose turn it is.
 *
 * Verbs are lower case (`invite`, `register`, `cdr:start`, …) and compared exactly: the real server
 * takes `NOTIFY` without complaint and never matches it.
 */
export class RouteTable<Owner> {
  readonly #owners = new Map<string, Owner[]>();
  readonly #turns = new Map<string, number>();

  /** Registers an owner for a verb; a second registration changes nothing. */
  add(verb: string, owner: Owner): void {
    const owners = this.#owners.get(verb) ?? [];
    if (!owners.includes(owner)) this.#owners.set(verb, [...owners, owner]);
  }

  /**
   * Forgets an owner entirely. It is also what `remove_route|<verb>` does on the real server,
   * whatever the verb says, so an application that relied on anything finer would only fail there.
   */
  removeOwner(owner: Owner): void {
    for (const [verb, owners] of this.#owners) {
      const others = owners.filter((each) => each !== owner);
      if (others.length > 0) this.#owners.set(verb, others);
      else this.#owners.delete(verb);
    }
  }

  /**
   * The next owner for a verb, round robin; undefined when no application has registered for it.
   */
  next(verb: string): Owner | undefined {
    const owners = this.#owners.get(verb);
    if (owners === undefined) return undefined;
    const turn = (this.#turns.get(verb) ?? 0) % owners.length;
    this.#turns.set(verb, turn + 1);
    return owners[turn];
  }
}
