import { type FamilyDescription, FEATURES, type Vendor } from '../vendor.js';
import { render } from './configuration.js';
import { rawFault } from './parameters.js';
import { recogniseFile, recogniseUserAgent } from './requests.js';

const DESCRIPTION: FamilyDescription = {
  title: 'snom (D1xx, D3xx, D7xx, D8xx, and the DECT bases M300, M400, M700, M900)',
  files:
    '`snom<model>-<MAC>.htm`, `<mac>.htm`, `<mac>.xml`, `<mac>`, or any of them with `?mac=`; `snom<model>.htm` and `snom<model>-firmware.htm` are answered with 404',
  format:
    'XML `<settings>`, merged into what the phone has: both configurations write every setting that either owns, an empty element empties. Bases have settings of their own: SIP servers, and extensions that use them',
  provisioningUrl:
    '`setting_server` with `{mac}`; `provisioning_order` without DHCP, `pnp_config` off (bases: `dhcp_option_pnp` off)',
  waits: 'fetches every minute by itself (`settings_refresh_timer`, bases: `auto_resync_period`)',
  warmLine:
    'none is known; the first key dials `*89`, and every other number reaches the service too. Of a base the first twenty handsets have the account: dial `*89`',
  resync:
    'NOTIFY `check-sync;reboot=false`, accepted from the registrar only (`filter_registrar`) and not challenged (`challenge_checksync`)',
  password:
    '`admin_mode_password`, `http_pass`, `webserver_admin_password`, `webserver_user_password`, another one in each configuration; the web page is off, or HTTPS only where it is wished',
  supports: FEATURES,
  unconfirmed: [
    'a hotline setting',
    'what the directory key does when `dkey_directory` is empty',
    'the escaping of dial plans (none are written)',
    'whether the redirection service (SRAPS) is asked again once the phone has a `setting_server`: give it the address without a token',
    'the number of keys of D8xx and their modules (we take 102)',
    'a check of server certificates and tones, once set, stay as they are, and a downloaded language or authority too, until the phone is reset or other ones are set',
    'bases have neither keys, firmware nor language files: they take versions, not files',
    'of bases: that `auto_resync_period` counts minutes and `auto_resync_polling` takes `enabled`',
    'of bases: that `disable_http_server` takes `enabled`',
    'of bases: whether SRTP can be required; `user_srtp` is on or off',
    'of bases: whether a NOTIFY from any other source than the registrar is refused, and whether `reboot=false` is enough for them',
    'of bases: the time zone, which is left as it is',
  ],
};

/** D1xx, D3xx, D7xx and D8xx desk phones, and the bases of the M series (`dect/`). */
export const snom: Vendor = {
  id: 'snom',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal: render,
  renderFull: render,
  renderBoot: null,
  renderCommon: null,
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync;reboot=false', headers: {}, body: null },
};
