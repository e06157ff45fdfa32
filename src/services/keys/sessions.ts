import type { Logger } from 'pino';
import { type MasterKey, hashSessionToken, isSessionToken, makeSessionToken } from '../../domain/secrets.js';
import { type Clock, addSeconds } from '../../domain/time.js';
import { findKeyBySecret } from '../../store/api-keys.js';
import { recordEvents } from '../../store/events.js';
import {
  type Session,
  deleteSession,
  findSession,
  insertSession,
  noteSessionUse,
} from '../../store/sessions.js';
import type { Store } from '../../store/store.js';
import { changeEvent } from '../audit/change-event.js';
import type { Actor } from '../context.js';
import { BOOTSTRAP_IDENTITY, type Identity, USE_NOTED_SECONDS, identityOf } from './identity.js';

/** A session ends when nothing was asked by it for so long, and after so long in any case. */
export const SESSION_IDLE_SECONDS = 3600;
export const SESSION_SECONDS = 12 * 3600;

interface SessionsContext {
  store: Store;
  clock: Clock;
  masterKey: MasterKey;
  log: Logger;
}

/**
 * The sessions of browsers. They are rows, so that they hold for all instances, and what they were
 * opened with is looked at again each time: a session ends with its key, with the secret of the key
 * that it was opened with, and that of ADMIN_KEY when the setting changes, for its hash is bound to
 * the setting.
 */
export class Sessions {
  constructor(
    private readonly context: SessionsContext,
    private readonly bootstrapKey: string | null,
  ) {}

  /** Opens a session for the holder of a key. Answers its token, which is stored nowhere. */
  async start({ keyId, keyHash }: Identity, actor: Actor): Promise<string> {
    const { store, clock, masterKey } = this.context;
    const now = clock.now();
    const token = makeSessionToken(masterKey);
    await store.transaction(async (db) => {
      await insertSession(db, {
        tokenHash: hashSessionToken(masterKey, token, keyId === null ? this.bootstrapKey : null),
        keyId,
        keyHash,
        createdAt: now,
        lastUsedAt: now,
        expiresAt: addSeconds(now, SESSION_SECONDS),
      });
      await recordEvents(db, [sessionEvent('session.started', keyId, actor, now)]);
    });
    return token;
  }

  /** Whose session this is; null when it has ended. `isUse`: it lasts longer for that. */
  async identify(token: string, isUse: boolean): Promise<Identity | null> {
    const session = await this.#find(token);
    if (session === null) return null;
    const now = this.context.clock.now();
    if (session.expiresAt <= now || addSeconds(session.lastUsedAt, SESSION_IDLE_SECONDS) <= now) return null;
    const identity = await this.#holderOf(session, now);
    if (identity !== null && isUse && addSeconds(session.lastUsedAt, USE_NOTED_SECONDS) <= now)
      await noteSessionUse(this.context.store.db, session.tokenHash, now).catch(this.#notNoted);
    return identity;
  }

  /** Ends a session. */
  async end(token: string, { keyId, ...actor }: Actor & { keyId: string | null }): Promise<void> {
    const { store, clock } = this.context;
    const session = await this.#find(token);
    if (session === null) return;
    await store.transaction(async (db) => {
      if (!(await deleteSession(db, session.tokenHash))) return;
      await recordEvents(db, [sessionEvent('session.ended', keyId, actor, clock.now())]);
    });
  }

  async #find(token: string): Promise<Session | null> {
    const { store, masterKey } = this.context;
    if (!isSessionToken(masterKey, token)) return null;
    const hashes = [null, ...(this.bootstrapKey === null ? [] : [this.bootstrapKey])];
    return findSession(
      store.db,
      hashes.map((boundTo) => hashSessionToken(masterKey, token, boundTo)),
    );
  }

  async #holderOf({ keyId, keyHash }: Session, now: Date): Promise<Identity | null> {
    if (keyId === null || keyHash === null) return BOOTSTRAP_IDENTITY;
    const key = await findKeyBySecret(this.context.store.db, keyHash, now);
    if (key === null || key.id !== keyId) return null;
    return identityOf(key, keyHash);
  }

  readonly #notNoted = (error: unknown): void => {
    this.context.log.warn({ err: error }, 'the use of a session could not be noted');
  };
}

function sessionEvent(
  type: 'session.started' | 'session.ended',
  keyId: string | null,
  actor: Actor,
  now: Date,
) {
  return changeEvent(type, { id: keyId, name: actor.name, tenantId: null }, actor, now);
}
