import { randomInt, randomUUID } from 'node:crypto';
import { seal } from '../domain/secrets.js';
import { type Line, deleteLine, findLine, insertLine, updateLine } from '../store/lines.js';
import type { LineTransport } from '../store/schema.js';
import type { Queryable } from '../store/store.js';
import { findTenant } from '../store/tenants.js';
import type { ServiceContext } from './context.js';
import { type Patch, patched } from './patch.js';

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
}

export type LineOutcome = { kind: 'line'; line: Line } | { kind: 'not-found' } | { kind: 'code-taken' };

/** Creates a line; a provisioning code of six digits is made when none is given. */
export async function createLine(
  context: ServiceContext,
  tenantId: string,
  input: LineInput,
): Promise<LineOutcome> {
  return context.store.transaction(async (db) => {
    if ((await findTenant(db, tenantId, 'key share')) === null) return { kind: 'not-found' };
    const id = randomUUID();
    const line: Omit<Line, 'provisioningCode'> = {
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
      createdAt: context.clock.now(),
    };
    if (input.provisioningCode === undefined) return insertWithMadeCode(db, line);
    const given = { ...line, provisioningCode: input.provisioningCode };
    return (await insertLine(db, given)) ? { kind: 'line', line: given } : { kind: 'code-taken' };
  });
}

/** Six random digits until they are free. A hundred tries in a row fail only when the six-digit codes are nearly used up. */
async function insertWithMadeCode(db: Queryable, line: Omit<Line, 'provisioningCode'>): Promise<LineOutcome> {
  for (let tries = 0; tries < 100; tries++) {
    const made = { ...line, provisioningCode: randomInt(1_000_000).toString().padStart(6, '0') };
    if (await insertLine(db, made)) return { kind: 'line', line: made };
  }
  throw new Error('No free six-digit provisioning code was found in 100 tries.');
}

/** Merges a patch into a line (RFC 7396: absent stays, null goes). */
export async function changeLine(
  context: ServiceContext,
  tenantId: string,
  id: string,
  patch: Patch<LineInput>,
): Promise<LineOutcome> {
  return context.store.transaction(async (db) => {
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
      provisioningCode: patched(line.provisioningCode, patch.provisioningCode),
    };
    if (patch.password !== undefined) {
      changed.passwordSealed = seal(context.masterKey, id, patch.password);
      changed.keyVersion = context.masterKey.version;
    }
    return (await updateLine(db, changed)) ? { kind: 'line', line: changed } : { kind: 'code-taken' };
  });
}

/** Deletes a line; the devices that had it have one less. Answers whether there was one. */
export async function removeLine(context: ServiceContext, tenantId: string, id: string): Promise<boolean> {
  return context.store.transaction((db) => deleteLine(db, tenantId, id));
}
