/** A phone of a family's model, given what the family itself renders, as it would fetch that. */
import assert from 'node:assert/strict';
import { FAMILIES } from '../../../softphone/families/index.js';
import type { PhoneSetup } from '../../../softphone/phone-setup.js';
import { macHex, parseMac } from '../../../src/domain/mac.js';
import type { VendorId } from '../../../src/domain/vendor-id.js';
import { vendorOf } from '../../../src/vendors/index.js';
import type { FullView, MinimalView, RequestedFile } from '../../../src/vendors/vendor.js';
import { aFullView, aMinimalView } from './views.js';

/** Of each family a model for each way in which it renders. */
export const RENDERED_MODELS: readonly (readonly [vendor: VendorId, model: string])[] = [
  ['yealink', 'T46U'],
  ['yealink', 'CP925'],
  ['yealink', 'W70B'],
  ['snom', 'D785'],
  ['snom', 'M700'],
  ['poly', 'VVX450'],
  ['cisco', 'ATA191'],
  ['cisco', 'PAP2T'],
  ['patton', 'SN4112'],
  ['patton', 'SN4324'],
  ['grandstream', 'GRP2614'],
  ['grandstream', 'GXP1630'],
  ['grandstream', 'HT802'],
  ['fanvil', 'X4U'],
  ['panasonic', 'KX-HDV130'],
  ['panasonic', 'KX-UT113'],
  ['panasonic', 'KX-TGP600'],
  ['panasonic', 'KX-TGP550'],
  ['gigaset', 'N510'],
  ['gigaset', 'N720'],
  ['gigaset', 'N870'],
];

const MAC = parseMac('805ec0112233')!;
const BASE = 'https://prov.example/';

export class RenderedPhone {
  readonly settings = new Map<string, string>();

  constructor(
    readonly vendor: VendorId,
    readonly model: string,
  ) {}

  minimal(changes: Partial<MinimalView> = {}): Promise<PhoneSetup> {
    const view = aMinimalView({ model: this.model, mac: MAC, ...changes });
    return this.#apply(vendorOf(this.vendor)!.renderMinimal(view).body);
  }

  full(changes: Partial<FullView> = {}): Promise<PhoneSetup> {
    const view = aFullView({ model: this.model, mac: MAC, ...changes });
    return this.#apply(vendorOf(this.vendor)!.renderFull(view).body);
  }

  async #apply(document: string): Promise<PhoneSetup> {
    const family = vendorOf(this.vendor)!;
    const simulated = FAMILIES[this.vendor];
    const answer = (file: RequestedFile): string | null => {
      const recognised = family.recogniseFile(file);
      if (recognised?.kind === 'common') return family.renderCommon?.(file, BASE).body ?? null;
      if (recognised?.kind !== 'device' || recognised.mac !== MAC) return null;
      return recognised.role === 'boot' ? (family.renderBoot?.(MAC).body ?? null) : document;
    };
    const had = await simulated.provision({
      macHex: macHex(MAC),
      model: this.model,
      settings: this.settings,
      fetch: (name) => {
        const product = /(?:^|\/)(\d{1,3}\/\d{1,3}\/[^/]+)$/.exec(name)?.[1];
        return Promise.resolve(
          answer({ name: product ?? name.replace(/^.*\//, ''), query: new URLSearchParams() }),
        );
      },
    });
    assert.equal(had, true, `${this.vendor} ${this.model} finds its configuration`);
    return simulated.setup(this.settings);
  }
}
