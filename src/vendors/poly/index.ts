import { type FamilyDescription, featuresBut, type Vendor } from '../vendor.js';
import { render, renderMasterFile } from './configuration.js';
import { rawFault } from './parameters.js';
import { recogniseFile, recogniseUserAgent } from './requests.js';

const DESCRIPTION: FamilyDescription = {
  title: 'Poly, Polycom (VVX with UC Software 5 and 6)',
  files:
    '`<mac>.cfg`, a master file that names `<mac>-reg.cfg`; `000000000000.cfg` names it too, for a phone that asks for that first; `-phone`, `-web`, `-license`, `-directory` and software are answered with 404',
  format:
    'XML of which only the attributes count; `device.` parameters with `.set`. What is changed at the phone or in its web page wins until it is reset: both are behind a password',
  provisioningUrl:
    '`device.prov.serverName`; `device.dhcp.bootSrvUseOpt` is `Static` and `device.prov.ztpEnabled` 0, since DHCP and the maker’s service would win over it at the next boot',
  waits: 'fetches once an hour by itself, no faster (`prov.polling.period`): it depends on NOTIFY',
  warmLine:
    'none: its hotline (`call.autoOffHook`) dials at once, so it stays off; the soft key “Authenticate” dials `*89`',
  resync:
    'NOTIFY `check-sync`, without reboot where it can (`checkSync.alwaysReboot = 0`); while it waits, from the registrar only (`requestValidation`, `source`)',
  password:
    '`device.auth.localAdminPassword` and `localUserPassword`, another one in each configuration; the web page is off',
  supports: featuresBut('languageFile', 'toneCountry'),
  unconfirmed: [
    'the shortest polling period (manuals: more than 3600 s)',
    'whether dialling with the handset on the hook is left out of a hotline',
    '`httpd.cfg.enabled`',
    'the value `Static` of `device.dhcp.bootSrvUseOpt`, and the names of codecs (`voice.codecPref.G711_A` and the like)',
    'that NOTIFY passes `requestValidation` by source where the registrar has several addresses',
    'speed dials as enhanced feature keys on line keys, and any keys on models with two line keys',
    'the phone book is a page of the phone’s browser, which VVX 101 to 250 do not have',
    'a check of server names, once set, stays until the other is set or the phone is reset',
    'an authority of one’s own (`sec.TLS.customCaCert.1`) counts for SIP, not for files',
    'firmware by `device.prov.upgradeServer`, without a visit to the menu',
    'that SRTP of a line (`reg.x.srtp`) wins over that of the phone',
    'more than three emergency numbers',
  ],
};

/** VVX desk phones. */
export const poly: Vendor = {
  id: 'poly',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal: render,
  renderFull: render,
  renderBoot: renderMasterFile,
  renderCommon: () => renderMasterFile(null),
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync', headers: {}, body: null },
};
