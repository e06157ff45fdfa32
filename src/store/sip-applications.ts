import type { Queryable } from './store.js';

/** What a SIP application last said of itself. */
export interface SipApplication {
  id: string;
  sipServer: boolean;
  mediaServer: boolean;
  seenAt: Date;
}

/** Writes what one says; those not heard of since `forgetBefore` are forgotten. */
export async function saveSipApplication(
  db: Queryable,
  application: SipApplication,
  forgetBefore: Date,
): Promise<void> {
  const { id, sipServer, mediaServer, seenAt } = application;
  const state = { sipServer, mediaServer, seenAt };
  await db
    .insertInto('sipApplications')
    .values({ id, ...state })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(state))
    .execute();
  await db.deleteFrom('sipApplications').where('seenAt', '<', forgetBefore).execute();
}

/** Those heard of after `since`. */
export async function sipApplicationsSince(db: Queryable, since: Date): Promise<SipApplication[]> {
  return db
    .selectFrom('sipApplications')
    .select(['id', 'sipServer', 'mediaServer', 'seenAt'])
    .where('seenAt', '>', since)
    .execute();
}
