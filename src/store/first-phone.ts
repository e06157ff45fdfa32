import { sql } from 'kysely';
import type { Queryable } from './store.js';

/**
 * The token of the first phone of a device: of those that have been heard of since `since`, the one
 * that registered first. null while none is registered. A proven token is not marked as used by its
 * registrations, so these are looked at, too.
 */
export async function findFirstPhone(db: Queryable, deviceId: string, since: Date): Promise<string | null> {
  const row = await db
    .selectFrom('tokens')
    .select('id')
    .where('device_id', '=', deviceId)
    .where('state', '<>', 'revoked')
    .where('registration_order', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('last_used_at', '>', since),
        eb.exists(
          eb
            .selectFrom('registrations')
            .select(sql`1`.as('one'))
            .whereRef('registrations.token_id', '=', 'tokens.id')
            .where('registrations.registered_at', '>', since),
        ),
      ]),
    )
    .orderBy('registration_order')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}
