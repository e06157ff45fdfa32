import { type FamilyDescription, featuresBut, type Vendor } from '../vendor.js';
import { render, renderCommon } from './configuration.js';
import { rawFault } from './parameters.js';
import { recogniseFile, recogniseUserAgent } from './requests.js';

const DESCRIPTION: FamilyDescription = {
  title: 'Grandstream (GXP14xx to GXP21xx, GRP26xx, HT8xx)',
  files:
    '`cfg<mac>.xml`, also with a prefix or postfix; `cfg.xml` only says where to ask; `cfg<mac>`, `cfg<model>.xml`, `dev<mac>.cfg` and firmware are answered with 404',
  format:
    'XML `<gs_provision>` with P-values (`<config version="1">`), merged into what the phone has; `<mac>` has to be its own. Which number means what differs between phones and adapters',
  provisioningUrl:
    '`P237` (host and path) with `P212` (HTTP or HTTPS); DHCP options (`P145`, `P8337`), 3CX (`P1414`) and TR-069 (`P1409`) are switched off',
  waits:
    'fetches every hour by itself, faster is not possible (`P193`): NOTIFY, or switching it off and on, is the quick way',
  warmLine:
    'GRP: `P71` after 3 s (`P8388`); adapters: each port after 3 s (`P71`, `P771` or `P4210` and the next ones, with `P4045`); GXP: none, since no delay is known: the second key dials `*89`',
  resync:
    'NOTIFY `check-sync`, without a challenge (`P4428`), accepted from the SIP server only (`P2347`; adapters `P243`)',
  password:
    '`P2` and `P196`, another one in each configuration; the web page is off (`P1650`), on adapters reachable only where there is a LAN side (`P190`)',
  supports: featuresBut('languageFile'),
  unconfirmed: [
    'whether a phone asks for answers to the port that they come from (`rport`) on all firmware; keep-alive is `P52` = 2',
    'that the web page of HT801 and HT802 can be switched off: it stays behind a password that no user is given',
    'that GXP16xx take 2 (off) for `P1650`',
    'the values of `P130` (0 UDP, 1 TCP, 2 TLS), and that `P194` 1 means every `P193` minutes on phones',
    'which firmware asks for `cfg<model>.xml`, and that a 404 makes it go on',
    'the P-values of accounts 5 and 6 of the GRP26xx (the GRP260x have others), and all beyond the basic ones of accounts 7 to 16',
    'the P-values of the second profile of HT812, HT814 and HT818 (taken from the second port of HT802); a line at a third server stays off',
    'how a phone book that was downloaded is removed again: the download ends, what the phone has of it may stay',
    'a check of server certificates, once set, stays until the other is set or the phone is reset',
    'another authority than those the phone knows (`serverTrust.caUrl`): it takes one as text only',
    'whether the phone challenges a NOTIFY with firmware older than `P4428`',
  ],
};

/** GXP and GRP desk phones and the HT8xx adapters. */
export const grandstream: Vendor = {
  id: 'grandstream',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal: render,
  renderFull: render,
  renderBoot: null,
  renderCommon: (_file, publicUrl) => renderCommon(publicUrl),
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync', headers: {}, body: null },
};
