/**
 * How many phones a second are registered anew, each by REGISTER, challenge, REGISTER with
 * credentials, 200; beside a bare drachtio application that grants the first REGISTER.
 *
 *     node dist/bench/registers.js [seconds per round, 5] [rounds, 3]
 */
import { startPostgres } from '../test/support/postgres.js';
import type { PhoneAccount } from '../softphone/phone-setup.js';
import { pin } from './child.js';
import { figuresOf, inMs, say } from './figures.js';
import { Caller, accountAt } from './sip-caller.js';
import { startBare, startSite } from './sip-sites.js';

const [seconds = 5, rounds = 3] = process.argv.slice(2).map(Number);
/** At a time: so many phones, each of which waits for its answer before it asks again. */
const PHONES = 32;

interface Registrar {
  name: string;
  callers: Caller[];
  cpu(): Promise<number>;
  /** Of each round. */
  perSecond: number[];
  cpuMs: number[];
  times: number[];
}

async function open(name: string, accounts: readonly PhoneAccount[], cpu: () => Promise<number>) {
  const callers = await Promise.all(accounts.map((account) => Caller.open(account)));
  return { name, callers, cpu, perSecond: [], cpuMs: [], times: [] } satisfies Registrar;
}

async function measure(registrar: Registrar): Promise<void> {
  const before = await registrar.cpu();
  const began = performance.now();
  const end = began + seconds * 1000;
  let registered = 0;
  const keepAsking = async (caller: Caller): Promise<void> => {
    while (performance.now() < end) {
      const asked = performance.now();
      await caller.register();
      registrar.times.push(performance.now() - asked);
      registered += 1;
    }
  };
  await Promise.all(registrar.callers.map(keepAsking));
  registrar.perSecond.push(registered / ((performance.now() - began) / 1000));
  registrar.cpuMs.push(((await registrar.cpu()) - before) / registered);
}

const median = (values: readonly number[]): number => figuresOf(values).p50;

pin(process.pid, 1);
const bare = await startBare();
const sites = [{ name: 'Dialgate on PGlite', site: await startSite(null) }];
const postgres = await startPostgres();
if (postgres.kind === 'running') {
  const site = await startSite(await postgres.createDatabase());
  sites.push({ name: 'Dialgate on PostgreSQL', site });
} else say(`PostgreSQL is left out: ${postgres.reason}`);

const bareAccounts = Array.from({ length: PHONES }, () => accountAt(bare.ready.sipPort));
const registrars: Registrar[] = [await open('bare', bareAccounts, () => bare.cpu())];
for (const { name, site } of sites) {
  const accounts = (await site.phones(PHONES)).map(({ account }) => account);
  registrars.push(await open(name, accounts, () => site.cpu()));
}
for (let round = 0; round < rounds; round++) {
  for (const registrar of registrars) await measure(registrar);
}
const first = median(registrars[0]?.perSecond ?? []);
for (const { name, perSecond, cpuMs, times } of registrars) {
  const rate = median(perSecond);
  say(
    `${name.padEnd(28)}${rate.toFixed(0).padStart(6)}/s  × ${(rate / first).toFixed(2)}` +
      `  CPU ${median(cpuMs).toFixed(2)} ms  ${inMs(figuresOf(times))}`,
  );
}
for (const { callers } of registrars) for (const caller of callers) await caller.close();
for (const { site } of sites) await site.stop();
await bare.stop();
if (postgres.kind === 'running') await postgres.stop();
