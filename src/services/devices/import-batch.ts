import type { DeviceSettings } from '../../domain/device-settings.js';
import type { Mac } from '../../domain/mac.js';
import { isInScope } from '../../domain/role.js';
import type { VendorId } from '../../domain/vendor-id.js';
import { type OwnedDevice, ownedDevices } from '../../store/device-list.js';
import type { Queryable } from '../../store/store.js';
import type { Administrator, ServiceContext } from '../context.js';
import { type SettingsPhone, applySettings } from './apply-settings.js';
import { type DeviceInput, createDevices } from './create-devices.js';
import { type DevicePatch, patchDeviceIn } from './devices.js';
import { AccountLines } from './import-accounts.js';
import type { Refusal, RefusedLine, WantedDevice } from './import-lines.js';
import { findSiteByName } from '../../store/sites.js';
import { findTenant } from '../../store/tenants.js';

/** What came of the lines of a file. */
export interface ImportReport {
  created: Mac[];
  /** Devices that were there and have other values now; `changed` names the fields. */
  updated: { mac: Mac; changed: string[] }[];
  refused: RefusedLine[];
}

export interface BatchOptions {
  /** Existing devices are changed; else they are refused. */
  isUpdate: boolean;
  /** Whether the file says which lines its devices have. */
  namesAccounts: boolean;
}

/** A device whose lines have been found, before it is made or changed. */
interface Prepared {
  wanted: WantedDevice;
  tenantId: string;
  siteId: string | null;
  lines: string[];
  isAnyLineChanged: boolean;
}

type Made = Prepared & { vendor: VendorId };

/**
 * Makes, or changes, the devices of some lines of a file, in the caller's transaction. A line that
 * is refused keeps no other from being imported.
 */
export class ImportBatch {
  readonly report: ImportReport = { created: [], updated: [], refused: [] };
  readonly #sites: SitesByName;
  readonly #accounts: AccountLines;

  constructor(
    private readonly transaction: Queryable,
    private readonly context: ServiceContext,
    private readonly options: BatchOptions,
    private readonly actor: Administrator,
  ) {
    this.#sites = new SitesByName(transaction);
    this.#accounts = new AccountLines(transaction, context, actor, options.isUpdate);
  }

  async run(devices: readonly WantedDevice[]): Promise<ImportReport> {
    const owners = await ownedDevices(
      this.transaction,
      devices.map(({ mac }) => mac),
    );
    const placed = devices.flatMap((wanted) => {
      const place = this.#place(wanted, owners);
      if (typeof place === 'string') return [{ wanted, tenantId: place }];
      this.#refuse(wanted, place);
      return [];
    });
    for (const tenantId of new Set(placed.map((one) => one.tenantId))) {
      const accounts = placed
        .filter((one) => one.tenantId === tenantId)
        .flatMap(({ wanted }) => wanted.accounts);
      await this.#accounts.prepare(
        tenantId,
        accounts.map(({ account }) => account),
      );
    }

    const made: Made[] = [];
    for (const { wanted, tenantId } of placed) {
      const owner = owners.get(wanted.mac);
      const vendor = wanted.vendor ?? owner?.vendor;
      const model = wanted.model ?? owner?.model ?? null;
      const phone = vendor === undefined ? null : { vendor, model };
      const prepared = await this.#prepare(wanted, tenantId, phone);
      if (prepared === null) continue;
      if (owner !== undefined) await this.#change(prepared);
      else if (wanted.vendor !== null) made.push({ ...prepared, vendor: wanted.vendor });
    }
    await this.#accounts.finish();
    await this.#create(made);
    return this.report;
  }

  /** Whose the device is, or is to be; or why it is refused. */
  #place({ mac, vendor, tenantId }: WantedDevice, owners: ReadonlyMap<Mac, OwnedDevice>): string | Refusal {
    const owned = owners.get(mac);
    const { scope } = this.actor;
    if (owned === undefined) {
      if (vendor === null) return { kind: 'missing', column: 'vendor' };
      if (tenantId === null) return { kind: 'missing', column: 'tenantId' };
      return isInScope(scope, tenantId) ? tenantId : { kind: 'tenant-unknown' };
    }
    const owner = owned.tenantId;
    const isOwn = isInScope(scope, owner);
    if (!this.options.isUpdate || !isOwn) return { kind: scope === 'all' ? 'mac-taken' : 'mac-unavailable' };
    if (owner !== null && tenantId !== null && tenantId !== owner) return { kind: 'other-tenant' };
    return owner ?? tenantId ?? { kind: 'missing', column: 'tenantId' };
  }

  /**
   * Finds its site and its lines. A line of the file that has one account too many or a wrong one
   * costs only itself, unless it is that of the device.
   */
  async #prepare(wanted: WantedDevice, tenantId: string, phone: SettingsPhone): Promise<Prepared | null> {
    const site = await this.#sites.find(tenantId, wanted.siteName);
    if (site.kind !== 'site') return this.#refuse(wanted, site);
    const prepared: Prepared = { wanted, tenantId, siteId: site.id, lines: [], isAnyLineChanged: false };
    const settings = settingsOf(wanted);
    const applied = applySettings({}, settings ?? undefined, phone);
    if (applied.kind === 'settings-refused') return this.#refuse(wanted, applied);
    // Before any is made: what is refused with its device should leave no line behind.
    for (const { line, suffix, account } of wanted.accounts) {
      const because = line === wanted.line ? await this.#accounts.foresee(tenantId, account) : null;
      if (because !== null) return this.#refuse(wanted, because, suffix);
    }
    for (const { line, suffix, account } of wanted.accounts) {
      const found = await this.#accounts.take(tenantId, account);
      const because: Refusal | null =
        found.kind !== 'line'
          ? found
          : prepared.lines.includes(found.id)
            ? { kind: 'account-repeated' }
            : null;
      if (because !== null && line === wanted.line) return this.#refuse(wanted, because, suffix);
      if (because !== null) this.report.refused.push({ kind: 'refused', line, suffix, because });
      else if (found.kind === 'line') {
        prepared.lines.push(found.id);
        prepared.isAnyLineChanged ||= found.isChanged;
      }
    }
    return prepared;
  }

  async #create(made: readonly Made[]): Promise<void> {
    const inputs = made.map(({ wanted, vendor, tenantId, siteId, lines }): DeviceInput => ({
      mac: wanted.mac,
      vendor,
      model: wanted.model,
      label: wanted.label,
      serialNumber: wanted.serialNumber,
      settings: settingsOf(wanted),
      tenantId,
      siteId,
      lines,
    }));
    const outcomes = await createDevices(this.transaction, this.context, inputs, this.actor);
    for (const [index, { wanted }] of made.entries()) {
      const outcome = outcomes[index];
      if (outcome?.kind === 'device') this.report.created.push(wanted.mac);
      else if (
        outcome?.kind === 'mac-taken' ||
        outcome?.kind === 'mac-unavailable' ||
        outcome?.kind === 'tenant-unknown'
      )
        this.#refuse(wanted, outcome);
      else throw new Error(`A line of a file was checked, and yet: ${outcome?.kind ?? 'nothing'}.`);
    }
  }

  /**
   * What the file does not say stays as it is, but for the lines: those are the file's, when it
   * says which devices have.
   */
  async #change({ wanted, tenantId, siteId, lines, isAnyLineChanged }: Prepared): Promise<void> {
    const { mac, vendor, model, label, serialNumber, siteName } = wanted;
    const settings = settingsOf(wanted);
    const patch: DevicePatch = {
      tenantId,
      ...(vendor !== null && { vendor }),
      ...(model !== null && { model }),
      ...(label !== null && { label }),
      ...(serialNumber !== null && { serialNumber }),
      ...(siteName !== null && { siteId }),
      ...(settings !== null && { settings }),
      ...(this.options.namesAccounts && { lines }),
    };
    await this.#accounts.flush();
    const outcome = await patchDeviceIn(this.transaction, this.context, mac, patch, this.actor);
    if (outcome.kind === 'not-found') return void this.#refuse(wanted, { kind: 'missing', column: 'vendor' });
    if (outcome.kind === 'settings-refused') return void this.#refuse(wanted, outcome);
    if (outcome.kind !== 'device') throw new Error(`A line of a file was checked, and yet: ${outcome.kind}.`);
    const changed = new Set([...outcome.changed, ...(isAnyLineChanged ? ['lines'] : [])]);
    if (changed.size > 0) this.report.updated.push({ mac, changed: [...changed] });
  }

  /**
   * Refuses a device with all lines of the file that go on with it. `suffix`: of the columns of the
   * account that is wrong.
   */
  #refuse({ line: deviceLine, accounts }: WantedDevice, because: Refusal, suffix = ''): null {
    this.report.refused.push({ kind: 'refused', line: deviceLine, suffix, because });
    for (const line of new Set(accounts.map((account) => account.line))) {
      if (line !== deviceLine)
        this.report.refused.push({ kind: 'refused', line, because: { kind: 'device-refused', deviceLine } });
    }
    return null;
  }
}

/** What a line sets; its language has a column of its own. */
function settingsOf({ settings, language }: WantedDevice): DeviceSettings | null {
  return language === null ? settings : { ...settings, language };
}

type FoundSite = { kind: 'site'; id: string | null } | { kind: 'site-unknown' } | { kind: 'tenant-unknown' };

/** The sites that lines of a file name, each looked up once a transaction. */
class SitesByName {
  readonly #found = new Map<string, FoundSite>();

  constructor(private readonly transaction: Queryable) {}

  async find(tenantId: string, name: string | null): Promise<FoundSite> {
    if (name === null) return { kind: 'site', id: null };
    const key = `${tenantId}/${name}`;
    const found = this.#found.get(key) ?? (await this.#lookUp(tenantId, name));
    this.#found.set(key, found);
    return found;
  }

  async #lookUp(tenantId: string, name: string): Promise<FoundSite> {
    const site = await findSiteByName(this.transaction, tenantId, name);
    if (site !== null) return { kind: 'site', id: site.id };
    const tenant = await findTenant(this.transaction, tenantId);
    return { kind: tenant === null ? 'tenant-unknown' : 'site-unknown' };
  }
}
