import type { Role } from '../domain/role.js';
import type { Json } from './schema.js';

export interface ApiKeyTable {
  id: string;
  name: string;
  keyHash: string;
  role: Role;
  tenantIds: Json<string[]>;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
}

/** Secrets that a key had, and that open it for a while. */
export interface FormerKeySecretTable {
  keyHash: string;
  keyId: string;
  validUntil: Date;
}

export interface SessionTable {
  tokenHash: string;
  keyId: string | null;
  keyHash: string | null;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
}
