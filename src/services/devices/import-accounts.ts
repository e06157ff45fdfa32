import type { NewEvent } from '../../domain/events.js';
import { deriveCodeLookup, unseal } from '../../domain/secrets.js';
import { recordEvents } from '../../store/events.js';
import { type Line, keepLinesOfUsers, lockLineByCode } from '../../store/lines.js';
import type { Queryable } from '../../store/store.js';
import { findTenant } from '../../store/tenants.js';
import type { Actor, ServiceContext } from '../context.js';
import { codeOfLine } from '../line-codes.js';
import {
  type LineWithoutCode,
  addLine,
  changeLineIn,
  insertWithMadeCodes,
  lineCreated,
  newLine,
} from '../lines.js';
import type { Account, AccountRefusal } from './import-lines.js';

export type FoundLine =
  /** `isChanged`: the file had other values for it. */
  { kind: 'line'; id: string; isChanged: boolean } | { kind: 'tenant-unknown' } | AccountRefusal;

const COMPARED = ['authUser', 'displayName', 'transport'] as const;

/**
 * The lines that a file names, in one transaction: by user and registrar, within a tenant. Those
 * that are not there are made; of those that are, the file may have other values only when it is to
 * change them.
 */
export class AccountLines {
  readonly #known = new Map<string, Line>();
  /** Made, and not stored yet: many at once cost the database little more than one. */
  #pending = new Map<string, LineWithoutCode>();
  /** Those that there are, and that are kept. */
  readonly #tenants = new Set<string>();
  readonly #events: NewEvent[] = [];

  constructor(
    private readonly transaction: Queryable,
    private readonly context: Pick<ServiceContext, 'masterKey' | 'clock'>,
    private readonly actor: Actor,
    private readonly isUpdate: boolean,
  ) {}

  /** Looks up those of many lines of a file at once. */
  async prepare(tenantId: string, accounts: readonly Account[]): Promise<void> {
    if (accounts.length === 0) return;
    if ((await findTenant(this.transaction, tenantId, 'key share')) !== null) this.#tenants.add(tenantId);
    const users = [...new Set(accounts.map(({ sipUser }) => sipUser))];
    for (const line of await keepLinesOfUsers(this.transaction, tenantId, users)) {
      const key = keyOf(tenantId, line);
      if (!this.#known.has(key)) this.#known.set(key, line);
    }
  }

  /** Stores the lines that were made: before a device refers to them. */
  async flush(): Promise<void> {
    const keys = new Map([...this.#pending].map(([key, { id }]) => [id, key]));
    const lines = [...this.#pending.values()];
    this.#pending = new Map();
    for (const line of await insertWithMadeCodes(this.transaction, this.context.masterKey, lines))
      this.#known.set(keys.get(line.id) ?? '', line);
  }

  /** Stores what is left, and writes the events of the lines that were made. */
  async finish(): Promise<void> {
    await this.flush();
    await recordEvents(this.transaction, this.#events);
  }

  /** Why an account will be refused, as far as that can be told without writing anything. */
  async foresee(tenantId: string, account: Account): Promise<AccountRefusal | null> {
    const known = await this.#find(tenantId, account);
    if (known === null) return account.password === null ? { kind: 'password-missing' } : null;
    const [column] = this.isUpdate ? [] : this.#differing(known, account);
    return column === undefined ? null : { kind: 'account-differs', column };
  }

  /** The line of an account, of whose tenant the accounts have been prepared. */
  async take(tenantId: string, account: Account): Promise<FoundLine> {
    const known = await this.#find(tenantId, account);
    if (known === null) return this.#make(tenantId, account);
    const outcome = await this.#compare(known, account);
    if (outcome.kind !== 'line') return outcome;
    this.#known.set(keyOf(tenantId, account), outcome.line);
    return { kind: 'line', id: outcome.line.id, isChanged: outcome.isChanged };
  }

  async #find(tenantId: string, account: Account): Promise<Line | null> {
    const key = keyOf(tenantId, account);
    if (this.#pending.has(key)) await this.flush();
    return this.#known.get(key) ?? null;
  }

  async #make(tenantId: string, account: Account): Promise<FoundLine> {
    const { password, transport, provisioningCode, ...given } = account;
    if (!this.#tenants.has(tenantId)) return { kind: 'tenant-unknown' };
    if (password === null) return { kind: 'password-missing' };
    const input = {
      ...given,
      label: account.displayName ?? account.sipUser,
      password,
      transport: transport ?? undefined,
    };
    const key = keyOf(tenantId, account);
    if (provisioningCode === null) {
      const line = newLine(this.context, tenantId, input);
      this.#pending.set(key, line);
      this.#events.push(lineCreated(line, this.actor));
      return { kind: 'line', id: line.id, isChanged: true };
    }
    const line = await addLine(this.transaction, this.context, tenantId, { ...input, provisioningCode });
    if (line === null) return { kind: 'code-taken' };
    this.#known.set(key, line);
    this.#events.push(lineCreated(line, this.actor));
    return { kind: 'line', id: line.id, isChanged: true };
  }

  async #compare(line: Line, account: Account): Promise<MadeLine> {
    const differing = this.#differing(line, account);
    const [column] = differing;
    if (column === undefined) return { kind: 'line', line, isChanged: false };
    if (!this.isUpdate) return { kind: 'account-differs', column };
    // Found out here: a violation would end the transaction.
    const { masterKey } = this.context;
    const { provisioningCode } = account;
    const isCodeNew = differing.includes('provisioningCode') && provisioningCode !== null;
    if (
      isCodeNew &&
      (await lockLineByCode(this.transaction, deriveCodeLookup(masterKey, provisioningCode))) !== null
    )
      return { kind: 'code-taken' };
    const patch = Object.fromEntries(differing.map((name) => [name, account[name]]));
    const outcome = await changeLineIn(this.transaction, this.context, line, patch, this.actor);
    if (outcome.kind !== 'line') throw new Error(`A line that was kept cannot be changed: ${outcome.kind}.`);
    return { ...outcome, isChanged: true };
  }

  /** What the account says and the line has not. */
  #differing(line: Line, account: Account): (keyof Account)[] {
    const fields: (keyof Account)[] = COMPARED.filter(
      (name) => account[name] !== null && account[name] !== line[name],
    );
    const { masterKey } = this.context;
    const { provisioningCode, password } = account;
    if (provisioningCode !== null && provisioningCode !== codeOfLine(masterKey, line))
      fields.push('provisioningCode');
    if (password !== null && password !== unseal(masterKey, line.id, line.passwordSealed))
      fields.push('password');
    return fields;
  }
}

type MadeLine = { kind: 'line'; line: Line; isChanged: boolean } | Exclude<FoundLine, { kind: 'line' }>;

/** Host names are the same in any case (RFC 4343), users are not (RFC 3261 19.1.4). */
function keyOf(tenantId: string, { sipUser, registrar }: Pick<Account, 'sipUser' | 'registrar'>): string {
  return `${tenantId} ${registrar.toLowerCase()} ${sipUser}`;
}
