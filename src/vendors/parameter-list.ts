/** A parameter that both documents of a family write. */
export interface OwnedParameter {
  name: string;
  /**
   * The value that leaves nothing of the other document behind; null leaves the parameter as the
   * phone has it.
   */
  cleared: string | null;
  /** The parameter with a value as it stands in the document, with the end of its line. */
  write(value: string): string;
}

/** What a document sets, by the names of parameters; everything else that is owned is cleared. */
export type Settings = ReadonlyMap<string, string>;

/**
 * The parameters that a family owns on a model, in the order of writing. Both of its documents are
 * written through one such list, so that neither can leave anything of the other behind. They come
 * in groups (an account, a key): of most groups a document sets nothing, and their text is then
 * taken from a cache.
 */
export class ParameterList {
  readonly #groups: readonly { parameters: readonly OwnedParameter[]; cleared: string }[];
  readonly #groupOf = new Map<string, number>();

  constructor(groups: readonly (readonly OwnedParameter[])[]) {
    this.#groups = groups.map((parameters) => ({ parameters, cleared: writeGroup(parameters, new Map()) }));
    for (const [at, group] of groups.entries()) {
      for (const { name } of group) this.#groupOf.set(name, at);
    }
  }

  owns(name: string): boolean {
    return this.#groupOf.has(name);
  }

  /** @throws when a document sets what is not owned: the other document would not clear it. */
  write(settings: Settings): string {
    const touched = new Set<number>();
    for (const name of settings.keys()) {
      const group = this.#groupOf.get(name);
      if (group === undefined) throw new Error(`${name} is set by one configuration and not owned by both.`);
      touched.add(group);
    }
    let text = '';
    for (const [at, group] of this.#groups.entries()) {
      text += touched.has(at) ? writeGroup(group.parameters, settings) : group.cleared;
    }
    return text;
  }
}

function writeGroup(parameters: readonly OwnedParameter[], settings: Settings): string {
  let text = '';
  for (const parameter of parameters) {
    const value = settings.get(parameter.name) ?? parameter.cleared;
    if (value !== null) text += parameter.write(value);
  }
  return text;
}

/** The settings of several parts of a document; the last one counts. */
export function joinSettings(...parts: readonly Settings[]): Settings {
  const joined = new Map<string, string>();
  for (const part of parts) {
    for (const [name, value] of part) joined.set(name, value);
  }
  return joined;
}

/** The list of each model, made once from the groups of parameters that a family owns on it. */
export function listPerModel<M extends object>(
  groupsOf: (model: M) => readonly (readonly OwnedParameter[])[],
): (model: M) => ParameterList {
  return oncePerModel((model) => new ParameterList(groupsOf(model)));
}

/** A cache by model: what a model owns never changes. */
export function oncePerModel<M extends object, T>(make: (model: M) => T): (model: M) => T {
  const made = new WeakMap<M, { result: T }>();
  return (model) => {
    const before = made.get(model);
    if (before !== undefined) return before.result;
    const result = make(model);
    made.set(model, { result });
    return result;
  };
}
