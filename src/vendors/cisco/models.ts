import { byPrefix } from '../parameter-table.js';

/** The properties of a model that decide which parameters it has. */
export interface CiscoModel {
  /** Analogue (FXS) ports; each has one line. */
  ports: number;
  /**
   * Whether its network, web page and clock are set in a section of their own,
   * `<router-configuration>`.
   */
  router: boolean;
}

const TWO_PORTS: CiscoModel = { ports: 2, router: false };
const ONE_PORT: CiscoModel = { ports: 1, router: false };
const TWO_PORTS_AND_ROUTER: CiscoModel = { ports: 2, router: true };

/**
 * Administration guides of the SPA100 series, the ATA 191/192 (Multiplatform) and the Linksys ATAs;
 * the beginning of the name decides.
 */
const MODELS: readonly (readonly [prefix: string, model: CiscoModel])[] = [
  ['SPA112', TWO_PORTS_AND_ROUTER],
  ['SPA122', TWO_PORTS_AND_ROUTER],
  ['ATA19', TWO_PORTS_AND_ROUTER],
  ['PAP2', TWO_PORTS],
  ['SPA2', TWO_PORTS],
  ['SPA1001', ONE_PORT],
  ['SPA3', ONE_PORT],
];

/** The largest: an ATA ignores what it does not have, and keeps what is not written. */
const UNKNOWN_MODEL = TWO_PORTS_AND_ROUTER;

/** Finds a model by a name such as `SPA112`, `SPA-2102`, `Linksys PAP2T` or `ATA191-MPP`. */
export function modelOf(name: string | null): CiscoModel {
  const plain = plainModel(name ?? '').replace(/^(?:CISCO|LINKSYS|SIPURA)/, '');
  return byPrefix(MODELS, plain) ?? UNKNOWN_MODEL;
}

/** Older firmware puts a dash into the name (`SPA-2102`), newer does not. */
export function plainModel(name: string): string {
  return name.toUpperCase().replaceAll(/[\s-]/g, '');
}
