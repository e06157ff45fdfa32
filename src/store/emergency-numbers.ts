import { sql } from 'kysely';
import type { Queryable } from './store.js';

/** Every number that is one for emergencies at any site or tenant, once, in order. */
export async function listEmergencyNumbers(db: Queryable): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    select distinct jsonb_array_elements_text(emergency_numbers) as number from (
      select emergency_numbers from tenants union all select emergency_numbers from sites
    ) as parties
    where jsonb_typeof(emergency_numbers) = 'array'
    order by number`.execute(db);
  return rows.map((row) => row.number);
}
