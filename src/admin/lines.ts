import { z } from 'zod';
import { CODE_USES, isPossibleCode } from '../domain/line-code.js';
import { Problem, notFound } from '../http/problem.js';
import { codeOfLine } from '../services/line-codes.js';
import { type LineOutcome, changeLine, createLine, removeLine } from '../services/lines.js';
import { macsOfLines } from '../store/device-lines.js';
import { type Line, findLine, listLines } from '../store/lines.js';
import { findTenant } from '../store/tenants.js';
import type { AdminContext } from './context.js';
import { credential, hostAndPort, ownId, ownMac, text, time } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import { pageOf, pageSchema, presentPage, toPageQuery } from './page.js';
import { REMOVAL_QUERY, requireRemoved } from './removal.js';

const transport = z.enum(['udp', 'tcp', 'tls']);

export const LINE = z
  .strictObject({
    label: text(100),
    displayName: text(100).nullish(),
    sipUser: credential(100),
    authUser: credential(100).nullish(),
    password: credential(100),
    registrar: hostAndPort,
    outboundProxy: hostAndPort.nullish(),
    transport: transport.optional(),
    provisioningCode: z.string().refine(isPossibleCode, 'must have 4 to 12 digits').optional(),
    codeUse: z.enum(CODE_USES).optional(),
  })
  .meta({
    id: 'NewLine',
    examples: [
      {
        label: '201 Anna',
        sipUser: '201',
        password: 'a-secret',
        registrar: 'pbx.example:5060',
        transport: 'udp',
      },
    ],
  });
export const LINE_PATCH = LINE.partial().meta({
  id: 'LinePatch',
  examples: [{ displayName: 'Anna', outboundProxy: null }],
});

/** The password is write-only. */
export const LINE_ANSWER = z
  .strictObject({
    id: ownId,
    tenantId: ownId,
    label: z.string(),
    displayName: z.string().nullable(),
    sipUser: z.string(),
    authUser: z.string().nullable(),
    registrar: z.string(),
    outboundProxy: z.string().nullable(),
    transport,
    /** Not answered to the role `support`. */
    provisioningCode: z.string().optional(),
    codeUse: z.enum(CODE_USES),
    codeUsedAt: time.nullable(),
    createdAt: time,
    /** The MACs of the devices that have it. */
    devices: z.array(ownMac),
  })
  .meta({ id: 'Line' });

const LINE_QUERY = pageSchema.extend({
  sipUser: text(100).optional().describe('Lines of exactly this user.'),
  label: text(100).optional().describe('Lines of exactly this label.'),
});

const LINES = `${API}/tenants/{tenantId}/lines` as const;
const LINE_PATH = `${LINES}/{lineId}` as const;

export const LINE_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: LINES,
    operationId: 'createLine',
    tag: 'Lines',
    summary: 'Create a line of a tenant',
    may: ['admin', 'operator'],
    body: LINE,
    status: 201,
    refuses: [409],
    answer: LINE_ANSWER,
    handle: async ({ context, path: { tenantId }, body, actor, response }) => {
      const line = lineOf(await createLine(context, tenantId, body, actor), 'tenant');
      response.location(`${API}/tenants/${tenantId}/lines/${line.id}`);
      return presentLine(context, line);
    },
  }),
  operation({
    method: 'get',
    path: LINES,
    operationId: 'listLines',
    tag: 'Lines',
    summary: 'List the lines of a tenant',
    may: ['admin', 'operator', 'support'],
    query: LINE_QUERY,
    answer: pageOf('LineList', LINE_ANSWER),
    handle: async ({ context, path: { tenantId }, query: { limit, cursor, ...filter } }) => {
      const { db } = context.store;
      const page = toPageQuery({ limit, cursor });
      if ((await findTenant(db, tenantId)) === null) throw notFound('tenant');
      const { items, next } = await listLines(db, tenantId, page, filter);
      return presentPage({ items: await presentLines(context, items), next }, (line) => line);
    },
  }),
  operation({
    method: 'get',
    path: LINE_PATH,
    operationId: 'getLine',
    tag: 'Lines',
    summary: 'Get a line of a tenant',
    may: ['admin', 'operator', 'support'],
    answer: LINE_ANSWER,
    handle: async ({ context, path: { tenantId, lineId } }) => {
      const line = await findLine(context.store.db, tenantId, lineId);
      if (line === null) throw notFound('line');
      return presentLine(context, line);
    },
  }),
  operation({
    method: 'patch',
    path: LINE_PATH,
    operationId: 'updateLine',
    tag: 'Lines',
    summary: 'Change a line of a tenant',
    may: ['admin', 'operator'],
    body: LINE_PATCH,
    refuses: [409],
    answer: LINE_ANSWER,
    handle: async ({ context, path: { tenantId, lineId }, body, actor }) => {
      const line = lineOf(await changeLine(context, tenantId, lineId, body, actor), 'line');
      return presentLine(context, line);
    },
  }),
  operation({
    method: 'delete',
    path: LINE_PATH,
    operationId: 'deleteLine',
    tag: 'Lines',
    summary: 'Delete a line of a tenant',
    description:
      'A line that devices have is 409 with `dependents`; `?cascade=true&expect=<total>` takes it from them.',
    may: ['admin', 'operator'],
    query: REMOVAL_QUERY,
    refuses: [409],
    answer: null,
    handle: async ({ context, path: { tenantId, lineId: id }, query, actor }) =>
      requireRemoved(await removeLine(context, { tenantId, id }, query.expect ?? null, actor), 'line'),
  }),
];

function lineOf(outcome: LineOutcome, missing: string): Line {
  switch (outcome.kind) {
    case 'line':
      return outcome.line;
    case 'not-found':
      throw notFound(missing);
    case 'code-taken':
      throw new Problem(409, 'Another line has this provisioning code.', [
        { pointer: '/provisioningCode', detail: 'is taken' },
      ]);
  }
}

/** Lines as they are answered, each with the devices that have it. */
async function presentLines(
  { store, masterKey }: Pick<AdminContext, 'store' | 'masterKey'>,
  lines: readonly Line[],
): Promise<z.infer<typeof LINE_ANSWER>[]> {
  const devices = await macsOfLines(
    store.db,
    lines.map(({ id }) => id),
  );
  return lines.map((line) => {
    const {
      passwordSealed: _password,
      keyVersion: _version,
      codeLookup: _lookup,
      codeSealed: _code,
      ...open
    } = line;
    return {
      ...open,
      provisioningCode: codeOfLine(masterKey, line),
      devices: devices.get(line.id) ?? [],
    };
  });
}

async function presentLine(context: AdminContext, line: Line): Promise<z.infer<typeof LINE_ANSWER>> {
  const [answer] = await presentLines(context, [line]);
  if (answer === undefined) throw new Error('One line makes one answer.');
  return answer;
}
