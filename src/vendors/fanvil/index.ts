import { type FamilyDescription, featuresBut, type Vendor } from '../vendor.js';
import { render } from './configuration.js';
import { rawFault } from './parameters.js';
import { recogniseFile, recogniseUserAgent } from './requests.js';

const DESCRIPTION: FamilyDescription = {
  title: 'Fanvil (X, V, H, i and W, with firmware from 2.2 on)',
  files:
    '`<mac>.cfg`, `<mac>.xml`; the file of the model (`F0V00X300000.cfg`, `f0X3shw1.100.cfg`) and `fanvil_<model>_….txt` about its firmware are answered with 404',
  format:
    'XML `<sysConf>` with the same version always, merged into what the phone has; free parameters are named by their path, such as `phone/softkey/DesktopSoftkey` or `sip/line[1]/PickupNum`',
  provisioningUrl:
    '`FlashServerIP` with `SaveProvisionInfo`; DHCP options (`DHCPOption`), PnP and TR-069 are switched off',
  waits: 'fetches every hour by itself (`FlashMode` 2, `FlashInterval` in hours): NOTIFY is the quick way',
  warmLine: '`EnableHotline`, `HotlineNum` and `WarmLineTime` of the first line, 3 s',
  resync: 'NOTIFY `check-sync`; the phone may reboot (`NotifyReboot`)',
  password:
    '`MenuPassword` and those of both web accounts (`admin` and `guest`), another one in each configuration; the web page stays on, behind them',
  supports: featuresBut('languageFile', 'srtp', 'webInterface'),
  unconfirmed: [
    'that a phone takes a file that has changed and has the same `Version` (it does where it compares digests)',
    'that `DHCPOption` 0 switches DHCP off, and that `FlashMode` 2 fetches at intervals and `FlashInterval` counts hours',
    'what `NotifyReboot` means, from where a NOTIFY is accepted and whether it is challenged',
    'several numbers in `EmergencyCall`, with commas between them; letters in `MenuPassword`',
    'an authentication user other than the SIP user (`RegisterUser`)',
    'how a web page is switched off',
    'SRTP (`MediaCrypto`): it is left as the phone has it',
    'the firmware’s address (`Auto_Image_URL`) on models that ask for a text about their firmware',
    'what `PermissionCTF` and `CommonName` (verification of servers) do, and how another authority is given',
    'the keys of X7C and the numbers of lines and keys of H, i and W (we take the upper bound)',
  ],
};

/** X and V desk phones, H hotel phones, i door phones and W handsets. */
export const fanvil: Vendor = {
  id: 'fanvil',
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
