import { macHex } from '../../domain/mac.js';
import { type FamilyDescription, FEATURES, type Vendor } from '../vendor.js';
import { render, renderBoot } from './configuration.js';
import { rawFault } from './parameters.js';
import { recogniseFile, recogniseUserAgent } from './requests.js';

const DESCRIPTION: FamilyDescription = {
  title: 'Yealink (T2x to T5x, T7x, T8x, CP, and the W DECT bases)',
  files:
    '`<mac>.boot`, then `<mac>.cfg`; `y000000000000.boot`, `y0000000000NN.cfg`, `<mac>-local.cfg`, `<mac>-contact.xml` and encrypted variants (`.enc`) are answered with 404',
  format:
    '`#!version:1.0.0.1`, `name = value`, `%NULL%` clears; the boot file says `overwrite_mode = 1`, so that what is absent or empty goes back to the factory value',
  provisioningUrl:
    '`static.auto_provision.server.url`; DHCP options, PnP and zero touch are switched off, since they would win over it at the next boot',
  waits: 'fetches every minute by itself',
  warmLine:
    '`features.hotline_number`, 3 s, so that an emergency number can still be keyed; DECT bases have none: dial `*89` from any handset',
  resync:
    'NOTIFY `check-sync`, without reboot (`sip.notify_reboot_enable = 0`), accepted from the SIP server only (`sip.trust_ctrl = 1`) and not challenged',
  password:
    '`static.security.user_password` of `admin`, `user` and `var`, another one in each configuration; the web page is off, or HTTPS only where it is wished',
  supports: FEATURES,
  unconfirmed: [
    'whether a DECT base can dial by itself',
    'HTTP authentication on old firmware (none is asked for)',
    'the number of accounts of W75, W80 and W90 (we take the upper bound)',
    'accounts of DECT bases have their server both from a template (since V85) and from themselves (before): that one passes over what the other needs',
    'DECT bases have neither keys nor a display language file; the firmware is that of the base, not of its handsets',
    'how the server template of a DECT base names an outbound proxy (`template.T.outbound.enable`, `template.T.outbound.1.address`)',
    'expansion modules of T44 and T49 (none are written)',
    'an authority once downloaded (`static.trusted_certificates.url`) stays in the phone until it is reset',
  ],
};

/** T2x, T3x, T4x, T5x and CP desk phones and the W series of DECT bases. */
export const yealink: Vendor = {
  id: 'yealink',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal: render,
  renderFull: render,
  renderBoot: (mac) => renderBoot(`${macHex(mac)}.cfg`),
  renderCommon: null,
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync', headers: {}, body: null },
};
