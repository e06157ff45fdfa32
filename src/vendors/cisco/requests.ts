import { recogniserOf, userAgentsOf } from '../requests.js';
import { plainModel } from './models.js';

/**
 * A new ATA asks for its model's file only, which leads to the one of its MAC; then for whatever
 * its rules say, and nothing else.
 */
export const recogniseFile = recogniserOf({
  // What our `Profile_Rule` asks for (`$MA.xml`, or `$MAU`), and what operators have written there
  // before us.
  configuration: /^(?:spa|ata|pap)?-?(<mac>)\.(?:xml|cfg)$/i,
  // The factory's rule, `/spa$PSN.cfg`, and that of the PAP2T, `init.cfg`. The product's short name
  // is its number (`spa112.cfg`, `spa2102.cfg`, `spa191.cfg`), or the whole of it
  // (`spaATA191-MPP.cfg`, `spapap2t.cfg`).
  common: /^(?:init|(?:spa)?(?:spa|ata|pap)-?\d{1,4}[a-z]?\d?(?:-mpp)?)\.cfg$/i,
  // The ATA 190 and the desk phones of Cisco's own call manager ask so: another format, which we do
  // not write.
  absent: [/^(?:ata|sep|ctlsep)<mac>\.(?:cnf\.xml|tlv)$/i],
});

export const recogniseUserAgent = userAgentsOf(
  [
    // `Linksys/PAP2T-5.1.6(LS) (FM500F123456)`, `Cisco/SPA508G-7.4.4 (0002FDFF2103)(CBT141400UK)`,
    // `Cisco/ATA191-MPP-11-1-0-MSR4 (FCH2443D9R4)`. The last group is the serial number, even where
    // it looks like a MAC (`Linksys/SPA-942-6.1.5(a) (88019FA42805)`); only of two groups is the
    // first the MAC, and ATAs send one.
    /^(?:Cisco|Linksys|Sipura)\/(?<model>(?:SPA|ATA|PAP)-?\d+[A-Z]?\d?)-(?<firmware>\S+)(?: (?:\((?<mac>[0-9A-F]{12})\)(?=\())?\(\w+\))?$/i,
  ],
  plainModel,
);
