/**
 * What the load calls: the whole of Dialgate with phones that have their minimal configuration, or
 * the bare application.
 */
import { makeApiKey } from '../src/domain/secrets.js';
import { SimulatedPhone } from '../softphone/phone.js';
import type { PhoneAccount } from '../softphone/phone-setup.js';
import { AdminApi, type CreatedPhone } from '../test/support/admin-api.js';
import { Child } from './child.js';
import type { SipOrder, SipReady } from './sip-server.js';

const SERVER = new URL('./sip-server.js', import.meta.url);
/** So that no device is locked, whatever is keyed. */
const POLICY = { maxAttempts: 1000, guessesPerHour: 1000, strict: true };

export interface Site {
  /** Devices of their own, each with a phone that has fetched its account. */
  phones(amount: number): Promise<{ account: PhoneAccount; created: CreatedPhone }[]>;
  /** Milliseconds of processor time so far. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

export function startBare(): Promise<Child<SipReady>> {
  return Child.start<SipOrder, SipReady>(SERVER, { kind: 'bare' });
}

/** @param databaseUrl null: PGlite */
export async function startSite(databaseUrl: string | null): Promise<Site> {
  const adminKey = makeApiKey();
  const child = await Child.start<SipOrder, SipReady>(SERVER, { kind: 'dialgate', databaseUrl, adminKey });
  const { adminUrl, provisioningUrl } = child.ready;
  const api = new AdminApi(adminUrl ?? '', adminKey);
  return {
    phones: async (amount) => {
      const phones: { account: PhoneAccount; created: CreatedPhone }[] = [];
      for (let index = 0; index < amount; index++) {
        const created = await api.createPhone({ policy: POLICY });
        phones.push({ account: await accountOf(created, provisioningUrl ?? ''), created });
      }
      return phones;
    },
    cpu: () => child.cpu(),
    stop: () => child.stop(),
  };
}

/** The account of the minimal configuration, as a phone finds it. */
async function accountOf({ macHex }: CreatedPhone, provisioningUrl: string): Promise<PhoneAccount> {
  const phone = await SimulatedPhone.plugIn({ family: 'yealink', macHex, provisioningUrl });
  await phone.provision();
  const account = phone.setup?.accounts[0];
  await phone.unplug();
  if (account === undefined) throw new Error('the phone has no account');
  return account;
}
