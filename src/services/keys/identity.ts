import type { ApiKey } from '../../store/api-keys.js';
import { type Role, type TenantScope, scopeOf } from '../../domain/role.js';
import { BOOTSTRAP } from './api-keys.js';

/** Whom a key, or a session that was opened with it, stands for. */
export interface Identity {
  name: string;
  role: Role;
  scope: TenantScope;
  /** null: ADMIN_KEY. */
  keyId: string | null;
  /** Of the secret that was shown; null: ADMIN_KEY. */
  keyHash: string | null;
}

export const BOOTSTRAP_IDENTITY: Identity = {
  name: BOOTSTRAP,
  role: 'admin',
  scope: 'all',
  keyId: null,
  keyHash: null,
};

/** Of a key that one of its secrets, with this hash, has opened. */
export function identityOf({ id, name, role, tenantIds }: ApiKey, keyHash: string): Identity {
  return { name, role, scope: scopeOf(tenantIds), keyId: id, keyHash };
}

/** The last use of keys and sessions is written at most so often. */
export const USE_NOTED_SECONDS = 60;
