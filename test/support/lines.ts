/** Lines and unclaimed phones for tests of the services, made through the store. */
import { randomInt, randomUUID } from 'node:crypto';
import { awaitCode } from '../../src/domain/authentication.js';
import type { Device } from '../../src/domain/device.js';
import { seal } from '../../src/domain/secrets.js';
import { keepCode } from '../../src/services/line-codes.js';
import { saveAuthentication } from '../../src/store/devices.js';
import { type Line, findLine, insertLine } from '../../src/store/lines.js';
import { type TestContext, makeDevice, makeTenant } from './fixture.js';

/** A line with its code. */
export type TestLine = Line & { provisioningCode: string };

type LineWish = Partial<Pick<TestLine, 'tenantId' | 'provisioningCode' | 'codeUse' | 'codeUsedAt'>>;

/** A line of a tenant of its own, unless one is given, with a code of eight digits. */
export async function makeLine(context: TestContext, wish: LineWish = {}): Promise<TestLine> {
  const id = randomUUID();
  const provisioningCode = wish.provisioningCode ?? String(randomInt(10_000_000, 100_000_000));
  const line: Line = {
    id,
    tenantId: wish.tenantId ?? (await makeTenant(context)),
    label: '201 Anna',
    displayName: null,
    sipUser: `k${id.slice(0, 6)}`,
    authUser: null,
    passwordSealed: seal(context.masterKey, id, 'a line password'),
    keyVersion: context.masterKey.version,
    registrar: 'pbx.example',
    outboundProxy: null,
    transport: 'udp',
    ...keepCode(context.masterKey, id, provisioningCode),
    codeUse: wish.codeUse ?? 'reusable',
    codeUsedAt: wish.codeUsedAt ?? null,
    createdAt: context.clock.now(),
  };
  if (!(await insertLine(context.store.db, line))) throw new Error('the code was taken');
  return { ...line, provisioningCode };
}

export async function rereadLine(context: TestContext, { id, tenantId }: Line): Promise<Line> {
  const line = await findLine(context.store.db, tenantId, id);
  if (line === null) throw new Error('the line is gone');
  return line;
}

/** A device that waits for the code of a line; of no tenant, unless one is given. */
export async function makeUnclaimed(context: TestContext, tenantId: string | null = null): Promise<Device> {
  const device = await makeDevice(context, { kind: 'unclaimed', tenantId });
  const authentication = awaitCode(device.authentication);
  await saveAuthentication(context.store.db, device.id, authentication, context.clock.now());
  return { ...device, authentication };
}
