import { type Expression, type SqlBool, sql } from 'kysely';
import type { TenantScope } from '../domain/role.js';

/**
 * The condition that a row is of a tenant in a scope. `column` holds the tenant's id, in the
 * spelling of SQL.
 */
export function isOfScope(scope: TenantScope, column: string): Expression<SqlBool> {
  if (scope === 'all') return sql<SqlBool>`true`;
  const [only, ...others] = scope;
  // An index on the column gives its rows in order for one value, and not for a list.
  if (only !== undefined && others.length === 0) return sql<SqlBool>`${sql.ref(column)} = ${only}::uuid`;
  return sql<SqlBool>`${sql.ref(column)} = any(${`{${scope.join(',')}}`}::uuid[])`;
}
