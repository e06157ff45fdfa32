import { byPrefix } from '../parameter-table.js';

/**
 * Analogue (FXS) ports of the SmartNodes on SmartWare R6 (data sheets of the SN4110 and SN4300
 * series); the beginning of the name decides.
 */
const PORTS: readonly (readonly [prefix: string, ports: number])[] = [
  ['SN4112', 2],
  ['SN4114', 4],
  ['SN4116', 6],
  ['SN4118', 8],
  ['SN4316', 16],
  ['SN4324', 24],
  ['SN4332', 32],
];

/**
 * The smallest: a SmartNode would apply the commands of a missing port to the port before. Ports
 * without commands are off, since a configuration replaces the whole one before it.
 */
const UNKNOWN_PORTS = 2;

/** Finds the number of ports by a name such as `SN4114`, `SN4316/JS` or `SmartNode 4118`. */
export function portCountOf(name: string | null): number {
  const plain = (name ?? '')
    .toUpperCase()
    .replace(/^PATTON\s*/, '')
    .replace(/^(?:SMARTNODE|SN)[\s-]*/, 'SN');
  return byPrefix(PORTS, plain) ?? UNKNOWN_PORTS;
}
