import type { FamilyDescription, Vendor } from '../vendor.js';
import { render } from './configuration.js';
import { rawFault } from './parameters.js';
import { recogniseFile, recogniseUserAgent } from './requests.js';

const DESCRIPTION: FamilyDescription = {
  title: 'Patton SmartNode (SN41xx and SN43xx, SmartWare R6)',
  files: '`<mac>.cfg`; firmware scripts (`sn4110/bw`) that no configuration has named are answered with 404',
  format:
    'a script of commands in ASCII, the whole startup configuration: nothing of the one before is left, and each change is a reload. What is not ASCII, quotes and backslashes are left out of names and passwords',
  provisioningUrl: '`location 1` of the provisioning profile, spelt out and not `$(dhcp.66)`',
  waits: 'fetches every minute by itself (`timer`)',
  warmLine:
    'in the call router, 3 s, at every port; what is keyed is dialled 3 s after its last digit, or with `#`. There is no display',
  resync: 'NOTIFY `check-sync`, by an `actions` rule, not challenged; it reloads when no call is under way',
  password: 'that of the administrator `admin`, another one in each configuration; the web page is off',
  supports: ['firmware', 'codecs', 'toneCountry', 'webInterface', 'raw'],
  unconfirmed: [
    '`nat-traversal keep-alive` on firmware before R6.1',
    'that the timer repeats, and that an unchanged configuration does not make it reload',
    'the warm line: that the mapping of an empty number applies at the end of the digit collection (then the call comes without a number)',
    'that the web page is off where no `webserver` is mentioned',
    'which location a new one asks first: give it the base URL by DHCP option 66',
    'which sources a NOTIFY is accepted from, and that it fetches without a restart',
    'how it verifies a server by HTTPS; SIP over TLS is not there',
    'an outbound proxy: it is taken as remote and registrar, and the registrar as domain',
    'models on Trinity (SN5xx0, SN4131, SN4141) have another command language',
  ],
};

/** Analogue SmartNodes on SmartWare R6. */
export const patton: Vendor = {
  id: 'patton',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal: render,
  renderFull: render,
  renderBoot: null,
  renderCommon: null,
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync', headers: {}, body: null },
};
