import { z } from 'zod';

export type Json = Record<string, unknown>;

const CONVERSION = {
  unrepresentable: 'any',
  override: ({ zodSchema, jsonSchema }: Parameters<NonNullable<Conversion['override']>>[0]): void => {
    if (zodSchema instanceof z.ZodDate) Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    // zod drops these of schemas that transform; ours are what is sent.
    const examples = z.globalRegistry.get(zodSchema)?.examples;
    if (examples !== undefined) Object.assign(jsonSchema, { examples });
    if (zodSchema instanceof z.ZodDefault) Object.assign(jsonSchema, { default: zodSchema.def.defaultValue });
  },
} as const;

type Conversion = NonNullable<Parameters<typeof z.toJSONSchema>[1]>;

/** As it is sent to us: what a schema reads it into is our own affair. */
export function describeInput(schema: z.ZodType): Json {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { ...CONVERSION, io: 'input' });
  return described;
}

/** The schemas of one description: those with a name (`id`) are defined once and referred to. */
export class NamedSchemas {
  readonly definitions: Record<string, Json> = {};

  /** What is said of a schema where it is used, as it is sent to us or answered by us. */
  describe(schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema: _, $defs, id, ...described } = z.toJSONSchema(schema, { ...CONVERSION, io }) as Json;
    for (const [name, { id: _id, ...definition }] of Object.entries(($defs ?? {}) as Record<string, Json>))
      this.definitions[name] = withOurReferences(definition);
    const own = withOurReferences(described);
    if (typeof id !== 'string') return own;
    this.definitions[id] = own;
    return { $ref: referenceTo(id) };
  }
}

function withOurReferences(described: Json): Json {
  return JSON.parse(JSON.stringify(described).replaceAll('"#/$defs/', `"${referenceTo('')}`)) as Json;
}

export function referenceTo(id: string): string {
  return `#/components/schemas/${id}`;
}

/**
 * What is answered of something that is set by `schema`: what has been taken away by null is not
 * there.
 */
export function asAnswered<T>(schema: z.ZodType): z.ZodType<T> {
  return z.custom<T>().meta(withoutNull(describeInput(schema)) as Json);
}

function withoutNull(described: unknown): unknown {
  if (Array.isArray(described)) return described.map(withoutNull);
  if (typeof described !== 'object' || described === null) return described;
  const { anyOf, type, ...rest } = described as Json;
  if (Array.isArray(type)) return { type: type.find((one) => one !== 'null'), ...rest };
  if (!Array.isArray(anyOf)) return mapValues(described as Json, withoutNull);
  const others = anyOf.filter((one) => (one as Json)['type'] !== 'null').map(withoutNull);
  return others.length === 1 ? { ...rest, ...(others[0] as Json) } : { ...rest, anyOf: others };
}

function mapValues(object: Json, map: (value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}
