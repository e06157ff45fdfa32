import type { Selectable } from 'kysely';
import type { Database } from './schema.js';
import type { Queryable } from './store.js';

/** What a SIP application last said of itself. */
export interface SipApplication {
  id: string;
  sipServer: boolean;
  mediaServer: boolean;
  seenAt: Date;
}

function fromRow(row: Selectable<Database['sip_applications']>): SipApplication {
  return { id: row.id, sipServer: row.sip_server, mediaServer: row.media_server, seenAt: row.seen_at };
}

/** Writes what one says; those not heard of since `forgetBefore` are forgotten. */
export async function saveSipApplication(
  db: Queryable,
  application: SipApplication,
  forgetBefore: Date,
): Promise<void> {
  const { id, sipServer, mediaServer, seenAt } = application;
  const state = { sip_server: sipServer, media_server: mediaServer, seen_at: seenAt };
  await db
    .insertInto('sip_applications')
    .values({ id, ...state })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(state))
    .execute();
  await db.deleteFrom('sip_applications').where('seen_at', '<', forgetBefore).execute();
}

/** Those heard of after `since`. */
export async function sipApplicationsSince(db: Queryable, since: Date): Promise<SipApplication[]> {
  const rows = await db
    .selectFrom('sip_applications')
    .select(['id', 'sip_server', 'media_server', 'seen_at'])
    .where('seen_at', '>', since)
    .execute();
  return rows.map(fromRow);
}
