/** A device and its unpacked phone, as far as another phone needs them to call in its place. */
import type { TestContext } from 'node:test';
import type { PhoneAccount } from '../../softphone/phone-setup.js';
import type { SimulatedPhone } from '../../softphone/phone.js';
import type { CreatedPhone, PhoneOptions } from './admin-api.js';
import { plugIn } from './phones.js';
import type { Service } from './service.js';

export interface UnpackedPhone extends CreatedPhone {
  /** The account of its minimal configuration. */
  account: PhoneAccount;
  /** Holds the configuration; it neither registers nor calls. */
  phone: SimulatedPhone;
}

/** Creates a device over the API and lets its phone fetch the minimal configuration. */
export async function unpackPhone(
  t: TestContext,
  service: Service,
  options?: PhoneOptions,
): Promise<UnpackedPhone> {
  const created = await service.api.createPhone(options);
  const phone = await plugIn(t, service, created);
  await phone.provision();
  const account = phone.setup?.accounts[0];
  if (account === undefined) throw new Error('The minimal configuration has no account.');
  return { ...created, account, phone };
}
