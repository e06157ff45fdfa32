/** Devices and callers for tests of the guess budgets. */
import { type TestContext, makeDevice, makePhone, makeToken } from '../support/fixture.js';

type Limits = Partial<{ perSourcePerHour: number; perHour: number }>;

export function limited(context: TestContext, limits: Limits): TestContext {
  const guesses = { ...context.installation.guesses, ...limits };
  return { ...context, installation: { ...context.installation, guesses } };
}

/** A device of a tenant, and a phone of it that calls. */
export async function makeTarget(context: TestContext, tenantId?: string) {
  const device = await makeDevice(context, tenantId === undefined ? {} : { tenantId });
  return { device, phone: await makePhone(context, device) };
}

/**
 * A phone that calls without having registered: the first attempts of a day are those of registered
 * ones.
 */
export async function makeStranger(context: TestContext) {
  const device = await makeDevice(context);
  return { device, phone: await makeToken(context, device) };
}
