import { type FamilyDescription, featuresBut, type Vendor } from '../vendor.js';
import { render, renderPointer } from './configuration.js';
import { rawFault } from './parameters.js';
import { recogniseFile, recogniseUserAgent } from './requests.js';

const DESCRIPTION: FamilyDescription = {
  title: 'Panasonic (KX-HDV, KX-TGP, KX-UT1xx to UT6xx)',
  files:
    '`{MODEL}.cfg`, which says where to go on and nothing else; then `Config{MAC}.cfg`, or `<mac>.cfg`; `ConfigCommon.cfg`, `ConfigKX-….cfg` and firmware that is not there are answered with 404. KX-UTG read XML and are not supported',
  format:
    'CRLF, `# Panasonic SIP Phone Standard Format File #` first (TGP500 and TGP55x: `# PCC Standard Format File #`), `NAME="value"`, an empty line last; what is absent stays. A `"` cannot be said and becomes `\'`, a line that would be too long for the phone is cut',
  provisioningUrl:
    '`CFG_STANDARD_FILE_PATH`; the paths of product and master file are empty, DHCP options 66, 159, 160 and SIP PnP are switched off, since they would win over it at the next boot',
  waits: 'fetches every minute by itself (`CFG_CYCLIC_INTVL`)',
  warmLine:
    '`HOTLINE_NUMBER`, 3 s, on HDV and TGP600; UT have a key that dials `*89` instead, TGP500 and TGP55x have none: dial `*89`',
  resync:
    'NOTIFY `check-sync` (`CFG_RESYNC_FROM_SIP`); while it waits, from its servers only (`SIP_DETECT_SSAF`)',
  password:
    '`ADMIN_PASS`, `USER_PASS`, another one in each configuration; the web page is closed, until it is opened at the phone',
  supports: featuresBut('languageFile'),
  unconfirmed: [
    'the hotline’s names (`HOTLINE_ENABLE`, `HOTLINE_NUMBER`, `HOTLINE_TIM`)',
    '`SIP_RGSTR_PORT`, `SIP_PRXY_PORT`, `SIP_TRANSPORT` (0 UDP, 1 TCP, 2 TLS) and `SIP_TLS_MODE`',
    'TLS on UT, TGP500 and TGP55x: waiting, they use UDP',
    '`CODEC_ENABLE` and `CODEC_PRIORITY` (HDV, TGP600, UT), and the names of keys (`FLEX_BUTTON_…`)',
    '`SRTP_CONNECT_MODE` (0 required, 1 optional, 2 off), `SIP_TLS_VERIFY`, `SIP_TLS_ROOT_CERT_PATH`, and both names of the switch of SIP PnP',
    'that `SIP_DETECT_SSAF` lets a NOTIFY of the registrar pass',
    'whether the idle screen shows `DISPLAY_NAME` or `PHONE_NUMBER`: the text and `*89` stand there',
    'a `*` in `DIAL_PLAN`',
    'the DTMF switch of HDV (`OUTBANDDTMF` is that of the others)',
    'what `X_PANASONIC_IPTEL_BLF` and `CONTACT` take beside the number',
    'how many characters a label has room for (we take 10)',
    'the phone book (`XMLAPP_LDAP_URL`, HDV and TGP600), and how to empty the one that is kept in the phone',
    'firmware is only taken where the name of the file has its version, such as `08.000`',
    'the lines of handsets of TGP600',
    'that the fifth week of summer time is the last',
    '`TIME_ZONE` in minutes, and the language codes, on all of them',
  ],
};

/** HDV and UT desk phones and the TGP bases. */
export const panasonic: Vendor = {
  id: 'panasonic',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal: render,
  renderFull: render,
  renderBoot: null,
  renderCommon: ({ name }, publicUrl) => renderPointer(name, publicUrl),
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync', headers: {}, body: null },
};
