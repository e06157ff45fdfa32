import { type FamilyDescription, featuresBut, type Vendor } from '../vendor.js';
import { rawFault, render } from './configuration.js';
import { recogniseFile, recogniseUserAgent, renderPointer } from './requests.js';

const DESCRIPTION: FamilyDescription = {
  title: 'Gigaset DECT bases (N510, N720; N530, N610, N670, N770, N870)',
  files:
    '`<MAC>.xml` in upper (N510, N720) or lower case; `42/2/master.bin` and the files it leads to point on to `<MAC>.xml`; other `.bin` files below a product, `provisioning.xml` and `updates.xml` are answered with 404',
  format:
    'N510, N720: `<ProviderFrame>` with `<SYMB_ITEM>`, strings in double quotes, numbers hexadecimal, ASCII only (all else by its number); N530 to N870: `<provisioning>` with `<param>`, and `<oper>` for the places of handsets. Merged into what the base has',
  provisioningUrl:
    '`Provisioning.global.ProvisioningServer`, SIP multicast off (N530 to N870); `S_CONFIGFILE_URL` and `aucS_DATA_SERVER` (N510); `aucS_DATA_SERVER` (N720). Nothing is known that keeps DHCP options 114 and 66 from replacing it: do not offer them with a URL where such a base is',
  waits:
    'N510: looks every minute (`uiI_CHECK_FOR_UPDATES_TIMER_INIT`); the others by NOTIFY alone, and when they boot',
  warmLine:
    'none: dial `*89` from any handset. All handsets share the account, so that emergency numbers can be dialled from each; their display says it in short',
  resync:
    'NOTIFY `check-sync;reboot=false`, which is not challenged, and from N530 to N870 also not tied to an account; it cannot be limited to the SIP server',
  password:
    '`WebUIAccounts.1.Password` (N530 to N870), `BS_CUSTOM.WebUIPassword` (N720), another one in each configuration; the system PIN of N510 and N720 is made of its first four characters (the code of each, modulo ten). The web page cannot be switched off; on N510 and N720 it is closed to other networks',
  supports: featuresBut('keys', 'languageFile', 'serverTrust'),
  unconfirmed: [
    'how `rport` and keep-alive are set on a base (its own values are left: the N510 refreshes its NAT every 20 s)',
    'how to keep DHCP options from replacing the provisioning URL, and whether they do after a boot',
    'a fetch that N720 and N530 to N870 make by themselves; the shortest interval of the N510, and whether it fetches the configuration then',
    'that a handset stays registered when `add_hs` names its place again (other provisioning servers do so at each fetch)',
    'that an account is passed over whose handset is not there, and that an empty value clears one',
    'the number of handsets of the N530, and of providers of N530 and N610',
    'codecs: N510 and N720 only, no parameter of the others is known',
    'web interface: N510 and N720 only, and only its other networks',
    'SRTP: N530 to N870 only; TLS there only too (N510 speaks UDP, N720 takes TCP for it)',
    'firmware: N510, and N530 to N870 if the version stands in the file’s name; the N720 needs two files',
    'which kind of network directory the phone book of N510 and N720 is',
    'a double quote inside a string of N510 and N720 (we write an apostrophe), `https` in their data server, and URLs above 74 characters',
    'tones of N530 to N870 other than of Germany, France and Spain (others are `Retail`)',
    'client certificates',
  ],
};

/**
 * DECT bases: the N510 and N720, and the N610 to N870, which have nothing in common but their maker
 * and their file names.
 */
export const gigaset: Vendor = {
  id: 'gigaset',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal: render,
  renderFull: render,
  renderBoot: null,
  renderCommon: (file, publicUrl) => renderPointer(file.name, publicUrl),
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync;reboot=false', headers: {}, body: null },
};
