import { ParameterList } from '../parameter-list.js';
import { KEEP_ALIVE_SECONDS } from '../registration-expiry.js';
import { type Branch, freePlace, parametersOf } from './elements.js';
import { keyPages } from './keys.js';
import { type FanvilModel, modelOf } from './models.js';

/** Left as the phone has it, unless a document sets it. */
const LEFT = null;

const PHONE_BOOKS = 5;

/**
 * How it is provisioned: by what it keeps in its flash, never by what DHCP or PnP say, of which
 * either would win over the token at the next boot.
 */
const PROVISIONING: Branch = {
  segment: 'ap',
  leaves: {
    DefaultUsername: '',
    DefaultPassword: '',
    InputCfgFileName: '',
    DeviceCfgFileKey: '',
    CommonCfgFileKey: '',
    DownloadCommonConf: '0',
    DownloadDeviceConf: '1',
    SaveProvisionInfo: '1',
    FlashServerIP: '',
    FlashFileName: '$mac.cfg',
    FlashProtocol: '5',
    // At intervals (of hours) and not only at the next boot.
    FlashMode: '2',
    FlashInterval: '1',
  },
  branches: [
    { segment: 'pnp', leaves: { PNPEnable: '0' } },
    { segment: 'opt', leaves: { DHCPOption: '0', DHCPv6Option: '0', DhcpOption120: '0' } },
  ],
};

const FIRMWARE: readonly Branch[] = [
  { segment: 'AUTOUPDATE_CONFIG_MODULE', leaves: { Auto_Image_URL: '' } },
  { segment: 'fwCheck', leaves: { EnableAutoUpgrade: '0', UpgradeServer1: '', UpgradeServer2: '' } },
];

const PHONE: Branch = {
  segment: 'phone',
  leaves: {
    MenuPassword: '',
    KeyLockPassword: '',
    EnableKeyLock: '0',
    EmergencyCall: '',
    // What is shown is not anybody's to push.
    PushXMLIP: '',
    SIPNotifyXML: '0',
  },
  branches: [
    { segment: 'display', leaves: { LCDTitle: '', DefaultLanguage: LEFT } },
    {
      segment: 'date',
      leaves: {
        EnableSNTP: '1',
        SNTPServer: LEFT,
        TimeZone: LEFT,
        TimeZoneName: LEFT,
        EnableDST: LEFT,
        DSTFixedType: LEFT,
        DSTMinOffset: LEFT,
        DSTStartMon: LEFT,
        DSTStartWeek: LEFT,
        DSTStartWday: LEFT,
        DSTStartHour: LEFT,
        DSTEndMon: LEFT,
        DSTEndWeek: LEFT,
        DSTEndWday: LEFT,
        DSTEndHour: LEFT,
      },
    },
    ...indexed('xmlContact', PHONE_BOOKS, {
      Name: '',
      Addr: '',
      UserName: '',
      PassWd: '',
      Sipline: '-1',
      BindLine: '-1',
    }),
  ],
};

const SIP_LINE: Record<string, string> = {
  PhoneNumber: '',
  DisplayName: '',
  SipName: '',
  RegisterAddr: '',
  RegisterPort: '5060',
  RegisterUser: '',
  RegisterPswd: '',
  RegisterTTL: '3600',
  BackupAddr: '',
  EnableReg: '0',
  ProxyAddr: '',
  ProxyPort: '5060',
  ProxyUser: '',
  ProxyPswd: '',
  BakProxyAddr: '',
  Transport: '0',
  // Answers to the port that a NAT gives the phone (RFC 3581), and something now and then that
  // keeps it.
  EnableRport: '1',
  NATUDPUpdate: '2',
  UDPUpdateTTL: String(KEEP_ALIVE_SECONDS),
  DNSSRV: '0',
  // RFC 4733 (the manuals say RFC 2833).
  DTMFMode: '1',
  EnableHotline: '0',
  HotlineNum: '',
  WarmLineTime: '0',
  VoiceCodecMap: 'PCMA,PCMU',
  Subscribe: '0',
  MWINum: '',
};

const OTHERS: readonly Branch[] = [
  { segment: 'mm', leaves: { SelectYourTone: LEFT } },
  // Nobody presses its keys over the network, and no other server configures it.
  { segment: 'cti', leaves: { EnabledActiveUri: '0', ActiveUriIP: '' } },
  { segment: 'tr069', leaves: { EnableTR069: '0' } },
  {
    segment: 'web',
    leaves: { RemoteControl: '0', EnableTelnet: '0' },
    // The second one comes with a password that everybody knows.
    branches: [
      { segment: 'account[1]', leaves: { Name: 'admin', Password: '', Level: '10' } },
      { segment: 'account[2]', leaves: { Name: 'guest', Password: '', Level: '5' } },
    ],
  },
  {
    segment: 'dot1x',
    leaves: {},
    branches: [{ segment: 'sslMode', leaves: { PermissionCTF: '0', CommonName: '0' } }],
  },
];

const KEY = { Type: '0', Value: '', Title: '' };

interface Owned {
  list: ParameterList;
  /** Without indexes and in lower case. */
  paths: ReadonlySet<string>;
}

const known = new Map<FanvilModel, Owned>();

function owned(model: FanvilModel): Owned {
  const before = known.get(model);
  if (before !== undefined) return before;
  const branches: Branch[] = [
    PROVISIONING,
    ...FIRMWARE,
    PHONE,
    { segment: 'sip', leaves: { NotifyReboot: '1' }, branches: indexed('line', model.lines, SIP_LINE) },
    {
      segment: 'dsskey',
      leaves: {},
      branches: keyPages(model).map(({ page, keys }) => ({
        segment: page,
        leaves: {},
        branches: keys.map((segment) => ({ segment, leaves: KEY })),
      })),
    },
    ...OTHERS,
  ];
  const parameters = [...branches.flatMap((branch) => parametersOf(branch)), [freePlace('')]];
  const made = {
    list: new ParameterList(parameters),
    paths: new Set(['version', ...parameters.flat().map(({ name }) => plainPath(name))]),
  };
  known.set(model, made);
  return made;
}

/** The parameters owned on a model. */
export function ownedParameters(model: FanvilModel): ParameterList {
  return owned(model).list;
}

function indexed(name: string, count: number, leaves: Branch['leaves']): Branch[] {
  return Array.from({ length: count }, (_, at) => ({ segment: `${name}[${at + 1}]`, leaves }));
}

function plainPath(name: string): string {
  return name.replaceAll(/\[\d+\]/g, '').toLowerCase();
}

/**
 * Beyond what we set: all else of how the phone is provisioned and managed, the root itself, and
 * the modules of older firmware, with other names for all of it.
 */
const OURS =
  /^(?:(?:sysconf|voip_config_file|ap|tr069|fwcheck|upgrade|autoprov|pnp|opt|cms|fdms|fdcms|telnet|ssh|\w+_config_module)(?:\/|$)|web\/(?:account|remotecontrol|enabletelnet|enablessh)|sip\/(?:line\/)?(?:register|proxy|bac?k|phonenumber|sipname|enablereg|server(?:addr|port|name)|realm|localdomain|auth|enablehotline|hotline|warmline|outbound|stunserveraddr$))/;

const PATH = /^(?:[A-Za-z_][\w-]{0,63}(?:\[\d{1,3}\])?\/){0,6}[A-Za-z_][\w-]{0,63}(?:\[\d{1,3}\])?$/;

/**
 * Why a free parameter cannot be set, in words; null when it can. It is a path below the root, such
 * as `phone/softkey/DesktopSoftkey`. One of ours it is in any spelling, and with any index.
 */
export function rawFault(name: string, model: string | null): string | null {
  if (!PATH.test(name) || name.length > 200) return 'is no path of elements of this family';
  const { paths } = owned(modelOf(model));
  const path = plainPath(name);
  const segments = path.split('/');
  if (paths.has(`${path}/*`)) return 'is an element that has others in it';
  const isOurs = OURS.test(path) || segments.some((_, at) => paths.has(segments.slice(0, at + 1).join('/')));
  return isOurs ? 'is a parameter that Dialgate sets itself' : null;
}
