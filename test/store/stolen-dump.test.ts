/**
 * What is in the database opens nothing: no PIN, token, password or code of a line stands in any
 * table, in any form that can be read without the key.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import {
  deriveHa1,
  derivePhonePassword,
  deriveSipPassword,
  deriveToken,
  hashApiKey,
} from '../../src/domain/secrets.js';
import { createApiKey } from '../../src/services/keys/api-keys.js';
import { BOOTSTRAP_IDENTITY, identityOf } from '../../src/services/keys/identity.js';
import { Sessions } from '../../src/services/keys/sessions.js';
import { codeOfLine, sealLineCodes } from '../../src/services/line-codes.js';
import { changeLine, createLine } from '../../src/services/lines.js';
import { findLine } from '../../src/store/lines.js';
import type { Store } from '../../src/store/store.js';
import {
  type TestContext,
  makeContext,
  makeDevice,
  makePhone,
  makeTenant,
  papOf,
} from '../support/fixture.js';
import { makeUnclaimed } from '../support/lines.js';
import { onBothDatabases } from '../support/store.js';
import { enterPap, guess, verdictOf } from './entries.js';

const ADMIN = { name: 'admin', address: null };
const CODE = '81586447';
const PASSWORD = 'a line password of its own';

/**
 * Every row of every table as text; bytes both in hexadecimal and as the characters they may be.
 */
async function dump(store: Store): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE'`.execute(store.db);
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(name)} t`.execute(
      store.db,
    );
    for (const { text } of rows) {
      const bytes = [...text.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex = '']) =>
        Buffer.from(hex, 'hex').toString('latin1'),
      );
      texts.push(`${name}: ${text}`, ...bytes);
    }
  }
  assert.ok(texts.length > 10, 'there is something in it');
  return texts.join('\n');
}

async function addLine(context: TestContext, tenantId: string) {
  const input = {
    label: '201',
    sipUser: '201',
    password: PASSWORD,
    registrar: 'pbx.example',
    provisioningCode: CODE,
  };
  const outcome = await createLine(context, tenantId, input, ADMIN);
  return outcome.kind === 'line' ? outcome.line : assert.fail(outcome.kind);
}

onBothDatabases('a dump of every table holds no secret', async ({ store }) => {
  const context = makeContext(store);
  const { masterKey } = context;
  const tenantId = await makeTenant(context);
  const line = await addLine(context, tenantId);
  const input = { name: 'dump', role: 'admin' as const, tenantIds: [], expiresAt: null };
  const created = await createApiKey(store, input, { ...ADMIN, scope: 'all' }, context.clock.now());
  assert.ok(created.kind === 'created');
  const { key } = created;
  const bootstrapKey = 'the-bootstrap-key-in-this-test';
  const sessions = new Sessions(context, bootstrapKey);
  const tokens = [
    await sessions.start(BOOTSTRAP_IDENTITY, ADMIN),
    await sessions.start(identityOf(created.apiKey, hashApiKey(key)), ADMIN),
  ];
  const device = await makeDevice(context, { tenantId });
  const phone = await makePhone(context, device);
  const pap = await papOf(context, device);
  await guess(context, device, phone);
  assert.equal((await enterPap(context, device, phone)).kind, 'accepted');
  const waiting = await makeDevice(context, { tenantId });
  const waitingPhone = await makePhone(context, waiting);
  const unclaimed = await makeUnclaimed(context);
  const claiming = await makePhone(context, unclaimed);
  assert.equal((await verdictOf(context, claiming, CODE)).kind, 'accepted');
  assert.equal(codeOfLine(masterKey, (await findLine(store.db, tenantId, line.id))!), CODE);

  const secrets: Record<string, string> = { CODE, PASSWORD, pap, waitingPap: await papOf(context, waiting) };
  for (const [name, token] of Object.entries({ phone, waitingPhone, claiming })) {
    const password = deriveSipPassword(masterKey, token.id);
    secrets[`token of ${name}`] = deriveToken(masterKey, token.id, token.deviceId).slice(token.id.length);
    secrets[`SIP password of ${name}`] = password;
    secrets[`HA1 of ${name}`] = deriveHa1(token.id, 'sip.example', password).md5;
    secrets[`administrator password of ${name}`] = derivePhonePassword(masterKey, token.id);
  }
  secrets['API key'] = key;
  secrets['ADMIN_KEY'] = bootstrapKey;
  for (const [index, token] of tokens.entries()) secrets[`session ${index}`] = token;
  const text = await dump(store);
  assert.ok(text.includes(hashApiKey(key)), 'the dump is of these tables');
  for (const [name, secret] of Object.entries(secrets)) {
    // Digits of a PIN may stand in an id or a time by chance: as a word they do not.
    assert.ok(
      !new RegExp(`(?<![0-9a-zA-Z.:-])${secret}(?![0-9a-zA-Z.:-])`).test(text),
      `${name} is in the dump`,
    );
  }
});

onBothDatabases(
  'codes that stand in clear are sealed at the start, by one of several instances',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const tenantId = await makeTenant(context);
    const line = await addLine(context, tenantId);
    // As an earlier version left it.
    await sql`update lines set provisioning_code = ${CODE}, code_lookup = null, code_sealed = null`.execute(
      store.db,
    );
    const others = Array.from({ length: 30 }, () => randomUUID());
    for (const [index, id] of others.entries()) {
      await sql`
      insert into lines (id, tenant_id, label, sip_user, password_sealed, key_version, registrar, transport, provisioning_code, code_use, created_at)
      select ${id}, tenant_id, label, ${`u${index}`}, password_sealed, key_version, registrar, transport, ${String(1000 + index)}, code_use, created_at
      from lines where id = ${line.id}`.execute(store.db);
    }
    const another = await openAnother();
    const sealed = await Promise.all([
      sealLineCodes(store, context.masterKey),
      sealLineCodes(another, context.masterKey),
    ]);
    assert.equal(sealed[0] + sealed[1], 31);
    assert.equal(await sealLineCodes(store, context.masterKey), 0);
    assert.ok(!(await dump(store)).includes(CODE));
    for (const [index, id] of others.entries()) {
      const found = await findLine(store.db, tenantId, id);
      assert.equal(found === null ? null : codeOfLine(context.masterKey, found), String(1000 + index));
    }

    // It is found by its code, and no other line may have it.
    const taken = await changeLine(context, tenantId, others[0]!, { provisioningCode: CODE }, ADMIN);
    assert.equal(taken.kind, 'code-taken');
    const phone = await makePhone(context, await makeUnclaimed(context));
    assert.equal((await verdictOf(context, phone, CODE)).kind, 'accepted');
  },
);
