import { recogniserOf, userAgentsOf } from '../requests.js';

/**
 * The order in which a phone asks: `cfg<mac>` (binary), `cfg<mac>.xml`, newer ones
 * `cfg<model>.xml`, and `cfg.xml` when there was none.
 */
export const recogniseFile = recogniserOf({
  // `cfgc074ad0b63ee.xml`, with the prefix (P234) and the postfix (P235) that a phone may have been
  // given elsewhere, in either case.
  configuration: /^[\w-]{0,32}cfg(<mac>)(?:[_-][\w-]{0,31})?\.xml$/i,
  // What the phone falls back to, whatever its model.
  common: /^cfg\.xml$/i,
  absent: [
    // The legacy binary form of the same, and what GRP phones ask for as an override of it.
    /^(?:cfg<mac>(?:\.bin)?|dev<mac>\.cfg)$/i,
    // The settings of all phones of a model, such as `cfggrp2614.xml`.
    /^cfg[a-z]{2,3}[0-9][a-z0-9]{1,8}\.xml$/i,
    // Firmware, and what the phone downloads beside its configuration.
    /^(?:[a-z0-9]+fw\.bin|(?:gs_)?phonebook\.xml|gs_(?:screen|lang)\.xml)$/i,
  ],
});

export const recogniseUserAgent = userAgentsOf([
  // `Grandstream Model HW GXP1628 SW 1.0.4.138 DevId c074ad2bd859`, and with a hardware version
  // `… HW HT801 V1.1A SW 1.0.17.5 DevId …`.
  /^Grandstream Model HW (?<model>\w+)(?:\s+V\S+)? SW (?<firmware>\S+) DevId (?<mac>[0-9a-f]{12})\b/i,
  // `Grandstream GXP2000 (gxp2000e.bin:1.2.5.3/boot55e.bin:1.1.6.9) DevId 000b822726c8`
  /^Grandstream (?<model>\w+) \([^):]*:(?<firmware>[\d.]+)[^)]*\) DevId (?<mac>[0-9a-f]{12})\b/i,
]);
