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
    .where('deviceId', '=', deviceId)
    .where('state', '<>', 'revoked')
    .where('registrationOrder', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('lastUsedAt', '>', since),
        eb.exists(
          eb
            .selectFrom('registrations')
            .select(sql`1`.as('one'))
            .whereRef('registrations.tokenId', '=', 'tokens.id')
            .where('registrations.registeredAt', '>', since),
        ),
      ]),
    )
    .orderBy('registrationOrder')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}
