import type { Mac } from '../domain/mac.js';
import type { VendorId } from '../domain/vendor-id.js';

/**
 * Blocks of addresses that the IEEE has assigned to the makers of our families. Cisco's own are
 * hundreds; here are those of Linksys and Sipura.
 */
const BLOCKS: Record<VendorId, string> = {
  yealink: '001565 249ad8 3497d7 44dbd2 644f56 805e0c 805ec0 b061a9 c4fc22 ec1da9 f01653',
  cisco:
    '000e08 000c41 000f66 001217 001310 0014bf 0016b6 001839 0018f8 001a70 001c10 001d7e 001ee5 002129 00226b 002369 00259c 20aa4b ' +
    '48f8b3 586d8f 687f74 98fc11 c0c1c0 c8b373 c8d719',
  patton: '00a0ba 00302b',
  snom: '000413 1c7126',
  poly: '0004f2 64167f 482567',
  panasonic: '0080f0 080023 bcc342 bc3e0b 4c364e b8208e',
  gigaset: '7c2f80 589ec6 002104 14b370',
  grandstream: '000b82 c074ad ec74d7 144cff',
  fanvil: '0c383e',
};

const MAKERS = new Map(
  Object.entries(BLOCKS).flatMap(([maker, blocks]) =>
    blocks.split(' ').map((block) => [block, maker as VendorId] as const),
  ),
);

/** The family whose maker assigns this MAC; null for one in none of these blocks. */
export function makerOf(mac: Mac): VendorId | null {
  return MAKERS.get(mac.replaceAll(':', '').slice(0, 6)) ?? null;
}
