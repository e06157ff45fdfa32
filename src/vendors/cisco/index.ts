import { type FamilyDescription, featuresBut, type Vendor } from '../vendor.js';
import { render, renderPointer } from './configuration.js';
import { rawFault } from './parameters.js';
import { recogniseFile, recogniseUserAgent } from './requests.js';

const DESCRIPTION: FamilyDescription = {
  title: 'Cisco and Linksys ATAs (SPA112, SPA122, ATA 191 and 192 Multiplatform, PAP2T, SPA2102)',
  files:
    '`<mac>.xml` (`<mac>.cfg`, `spa<mac>.xml`); `spa112.cfg`, `spa2102.cfg`, `spa191.cfg`, `spaATA191-MPP.cfg`, `init.cfg` and the like, which new ATAs ask for, point on to `<mac>.xml`; `ATA<MAC>.cnf.xml` (ATA 190) is answered with 404. A new ATA asks by TFTP, which Dialgate does not speak, until it is told of a URL with `http://` or `https://` in front: by DHCP option 160 or 159 (ATA 19x), or as `Profile_Rule` in its web page',
  format:
    'XML `<flat-profile>`, merged into what the ATA has: both configurations write every parameter that either owns, an empty element empties; the SPA1xx and ATA 19x have `<router-configuration>` besides',
  provisioningUrl:
    '`Profile_Rule`, with scheme and host and `$MA`; `Profile_Rule_B` to `_D`, `DHCP_Option_To_Use`, `DHCPv6_Option_To_Use` and TR-069 are cleared or off',
  waits:
    'fetches every minute by itself (`Resync_Periodic`), once all ports have been idle for a while (`Forced_Resync_Delay`)',
  warmLine:
    'in the dial plan, 3 s, at every port; an emergency number is dialled with its last digit. There is no display: the text is only the caller name',
  resync:
    'NOTIFY `resync`, not challenged (`Auth_Resync-Reboot_n_`) and taken from the proxy only (`Restrict_Source_IP_n_`)',
  password:
    '`Admin_Passwd`, `User_Password`, `Web_Login_Admin_Password`, `Web_Login_Guest_Password`, another one in each configuration; the web page is off',
  supports: featuresBut('phoneBook', 'voicemailNumber', 'languageFile'),
  unconfirmed: [
    'whether a request asks for `rport` on all firmware (`Handle_VIA_rport` takes what comes of it)',
    'that the web page of the SPA1xx is off by `Web_Utility_Access_*`',
    'SIP over TCP and TLS, and SRTP, on the SPA1xx; PAP2T and SPA2102 have UDP only',
    'whether `Custom_CA_URL` is known to the SPA1xx',
    'HTTPS to PAP2T and SPA2102, which know old cipher suites only: give them HTTP, from a process of their own on the same PostgreSQL with `ROLES=provisioning` and its own `PUBLIC_URL`',
    'whether `DHCPv6_Option_To_Use` is known to ATAs',
    'whether a new caller name makes the ATA restart',
    'the clock of the ATA 19x in zones for which the guide has no code, or another one of the same offset',
    'how a speed dial is called (its digit and the hash)',
  ],
};

/**
 * ATAs of the SPA100 series, ATA 191 and 192 with Multiplatform firmware, and those of Linksys
 * before them.
 */
export const cisco: Vendor = {
  id: 'cisco',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal: render,
  renderFull: render,
  renderBoot: null,
  renderCommon: (_file, publicUrl) => renderPointer(publicUrl),
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'resync', headers: {}, body: null },
};
