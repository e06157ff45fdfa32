import { randomInt, randomUUID } from 'node:crypto';
import type { NewEvent } from '../domain/events.js';
import type { CodeUse } from '../domain/line-code.js';
import { type MasterKey, seal } from '../domain/secrets.js';
import { type Line, deleteLine, findLine, insertLine, insertLines, updateLine } from '../store/lines.js';
import { countWithLine } from '../store/dependents.js';
import { lockDevicesWithLine } from '../store/device-lines.js';
import { recordEvents } from '../store/events.js';
import type { LineTransport } from '../store/schema.js';
import type { Queryable } from '../store/store.js';
import { findTenant } from '../store/tenants.js';
import { changeEvent } from './audit/change-event.js';
import type { Actor, ServiceContext } from './context.js';
import { codeOfLine, keepCode } from './line-codes.js';
import { type RemovalOutcome, refuseRemoval } from './removal.js';
import { resyncForLines } from './resync/resyncs.js';
import { type Patch, changedFields, patched } from './patch.js';

export interface LineInput {
  label: string;
  displayName?: string | null | undefined;
  sipUser: string;
  authUser?: string | null | undefined;
  password: string;
  registrar: string;
  outboundProxy?: string | null | undefined;
  transport?: LineTransport | undefined;
  provisioningCode?: string | undefined;
  codeUse?: CodeUse | undefined;
}

export type LineWithoutCode = Omit<Line, 'codeLookup' | 'codeSealed'>;

export type LineOutcome = { kind: 'line'; line: Line } | { kind: 'not-found' } | { kind: 'code-taken' };

/** Creates a line; a provisioning code of six digits is made when none is given. */
export async function createLine(
  context: ServiceContext,
  tenantId: string,
  input: LineInput,
  actor: Actor,
): Promise<LineOutcome> {
  return context.store.transaction(async (db) => {
    if ((await findTenant(db, tenantId, 'key share')) === null) return { kind: 'not-found' };
    const line = await addLine(db, context, tenantId, input);
    if (line === null) return { kind: 'code-taken' };
    await recordEvents(db, [lineCreated(line, actor)]);
    return { kind: 'line', line };
  });
}

/**
 * Adds a line to a tenant that the transaction keeps; its event (`lineCreated`) is the caller's to
 * write. null when the given code is taken.
 */
export async function addLine(
  db: Queryable,
  context: Pick<ServiceContext, 'masterKey' | 'clock'>,
  tenantId: string,
  input: LineInput,
): Promise<Line | null> {
  const line = newLine(context, tenantId, input);
  const { provisioningCode } = input;
  if (provisioningCode === undefined)
    return (await insertWithMadeCodes(db, context.masterKey, [line]))[0] ?? null;
  const given = { ...line, ...keepCode(context.masterKey, line.id, provisioningCode) };
  return (await insertLine(db, given)) ? given : null;
}

/** A line that has no code yet, and is not stored. */
export function newLine(
  context: Pick<ServiceContext, 'masterKey' | 'clock'>,
  tenantId: string,
  input: LineInput,
): LineWithoutCode {
  const id = randomUUID();
  return {
    id,
    tenantId,
    label: input.label,
    displayName: input.displayName ?? null,
    sipUser: input.sipUser,
    authUser: input.authUser ?? null,
    passwordSealed: seal(context.masterKey, id, input.password),
    keyVersion: context.masterKey.version,
    registrar: input.registrar,
    outboundProxy: input.outboundProxy ?? null,
    transport: input.transport ?? 'udp',
    codeUse: input.codeUse ?? 'reusable',
    codeUsedAt: null,
    createdAt: context.clock.now(),
  };
}

export function lineCreated(line: LineWithoutCode, actor: Actor): NewEvent {
  return changeEvent('line.created', subjectOf(line), actor, line.createdAt);
}

/**
 * Stores lines, each with six random digits, until all of these are free. A hundred tries in a row
 * fail only when the six-digit codes are nearly used up.
 */
export async function insertWithMadeCodes(
  db: Queryable,
  key: MasterKey,
  lines: readonly LineWithoutCode[],
): Promise<Line[]> {
  const stored: Line[] = [];
  let left = lines;
  for (let tries = 0; tries < 100 && left.length > 0; tries++) {
    const made = left.map((line) => {
      const code = randomInt(1_000_000).toString().padStart(6, '0');
      return { ...line, ...keepCode(key, line.id, code) };
    });
    const inserted = await insertLines(db, made);
    stored.push(...made.filter(({ id }) => inserted.has(id)));
    left = left.filter(({ id }) => !inserted.has(id));
  }
  if (left.length > 0) throw new Error('No free six-digit provisioning code was found in 100 tries.');
  return stored;
}

/**
 * Merges a patch into a line (RFC 7396: absent stays, null goes). A code that was used up can be
 * used again once it, or its use, is set anew.
 */
export async function changeLine(
  context: ServiceContext,
  tenantId: string,
  id: string,
  patch: Patch<LineInput>,
  actor: Actor,
): Promise<LineOutcome> {
  return context.store.transaction((db) => changeLineIn(db, context, { tenantId, id }, patch, actor));
}

/** Changes a line in the caller's transaction, which can go on only if the code was not taken. */
export async function changeLineIn(
  db: Queryable,
  context: Pick<ServiceContext, 'masterKey' | 'clock'>,
  { tenantId, id }: { tenantId: string; id: string },
  patch: Patch<LineInput>,
  actor: Actor,
): Promise<LineOutcome> {
  const line = await findLine(db, tenantId, id, 'update');
  if (line === null) return { kind: 'not-found' };
  const changed: Line = {
    ...line,
    label: patched(line.label, patch.label),
    displayName: patched(line.displayName, patch.displayName),
    sipUser: patched(line.sipUser, patch.sipUser),
    authUser: patched(line.authUser, patch.authUser),
    registrar: patched(line.registrar, patch.registrar),
    outboundProxy: patched(line.outboundProxy, patch.outboundProxy),
    transport: patched(line.transport, patch.transport),
    codeUse: patched(line.codeUse, patch.codeUse),
  };
  const code = codeOfLine(context.masterKey, line);
  const isCodeNew = patched(code, patch.provisioningCode) !== code;
  if (isCodeNew)
    Object.assign(changed, keepCode(context.masterKey, id, patched(code, patch.provisioningCode)));
  if (patch.codeUse !== undefined || isCodeNew) changed.codeUsedAt = null;
  if (patch.password !== undefined) {
    changed.passwordSealed = seal(context.masterKey, id, patch.password);
    changed.keyVersion = context.masterKey.version;
  }
  const secrets = [
    ...(isCodeNew ? ['provisioningCode'] : []),
    ...(patch.password === undefined ? [] : ['password']),
  ];
  const fields = [...changedFields(line, changed, CHANGEABLE), ...secrets];
  if (fields.length === 0) return { kind: 'line', line };
  if (!(await updateLine(db, changed))) return { kind: 'code-taken' };
  const now = context.clock.now();
  await recordEvents(db, [changeEvent('line.updated', subjectOf(changed), actor, now, { changed: fields })]);
  return { kind: 'line', line: changed };
}

const CHANGEABLE = [
  'label',
  'displayName',
  'sipUser',
  'authUser',
  'registrar',
  'outboundProxy',
  'transport',
  'codeUse',
  'codeUsedAt',
] as const;

function subjectOf({ id, tenantId, label }: LineWithoutCode) {
  return { id, tenantId, name: label };
}

/** Deletes a line; the devices that had it have one less, and their phones are told. */
export async function removeLine(
  context: ServiceContext,
  { tenantId, id }: { tenantId: string; id: string },
  expected: number | null,
  actor: Actor,
): Promise<RemovalOutcome> {
  return context.store.transaction(async (db) => {
    const line = await findLine(db, tenantId, id, 'update');
    if (line === null) return { kind: 'not-found' };
    const dependents = await countWithLine(db, id);
    const refused = refuseRemoval(dependents, expected);
    if (refused !== null) return refused;
    const now = context.clock.now();
    const { devices } = dependents;
    await resyncForLines(db, await lockDevicesWithLine(db, id), now);
    await deleteLine(db, tenantId, id);
    await recordEvents(db, [changeEvent('line.deleted', subjectOf(line), actor, now, { devices })]);
    return { kind: 'removed' };
  });
}
