/** What an administrator's key is for. */
export const ROLES = ['admin', 'operator', 'support', 'auditor'] as const;

export type Role = (typeof ROLES)[number];

/** Which tenants' objects may be seen: those of all, and what belongs to none, or of these alone. */
export type TenantScope = 'all' | readonly string[];

/** The scope that a list of tenants means; an empty one means all. */
export function scopeOf(tenantIds: readonly string[]): TenantScope {
  return tenantIds.length === 0 ? 'all' : tenantIds;
}

/** Whether something of this tenant may be seen; null: it belongs to none. */
export function isInScope(scope: TenantScope, tenantId: string | null): boolean {
  return scope === 'all' || (tenantId !== null && scope.includes(tenantId));
}
