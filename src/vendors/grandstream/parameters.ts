import { type OwnedParameter, ParameterList } from '../parameter-list.js';
import { escapeXml } from '../xml.js';
import {
  ACCOUNT,
  type AccountEntry,
  type AccountValues,
  adapterPort,
  ADAPTER_ACCOUNTS,
  phoneAccount,
} from './account-values.js';
import { keysOf } from './key-values.js';
import { EVERY_MODEL, type GrandstreamModel, modelOf } from './models.js';

/** Left as the phone has it, unless a document sets it. */
const LEFT = null;
/** PCMA, for an account that is not in use. */
const NO_CODEC = '8';

/** Of every device, by the numbers of the P-values. */
const DEVICE: Record<number, string | null> = {
  // The passwords of the administrator and of the user.
  2: '',
  196: '',
  // Configuration: over HTTPS, from where, without prefix and postfix, neither encrypted nor with
  // HTTP credentials.
  212: '2',
  237: '',
  234: '',
  235: '',
  1359: '',
  1360: '',
  1361: '',
  240: '0',
  // Another server from DHCP, from a 3CX (found by multicast) or from TR-069 would win over the URL
  // that carries the token.
  145: '0',
  1411: '0',
  1414: '0',
  1409: '0',
  194: '0',
  193: '10080',
  8458: '0',
  // Firmware; 2 asks for none.
  192: '',
  232: '',
  233: '',
  238: '2',
  // A NOTIFY is not challenged; `fromProxyOnly` of the account limits where it may come from.
  4428: '1',
  // Made stricter, a phone that falls back might not find us again; made laxer, anybody could play
  // us.
  8463: LEFT,
  22030: LEFT,
  // No SSH.
  276: '1',
  1650: '0',
  // The clock; the zone is not DHCP's to say.
  30: LEFT,
  144: '0',
  64: LEFT,
  246: LEFT,
  143: '0',
};

const PHONE: Record<number, string | null> = {
  8337: '0',
  8467: '0',
  6767: '2',
  // Firmware is taken without asking the user.
  8375: '0',
  8469: '0',
  // The menu asks for the administrator's password; the keypad is not locked, and these can be
  // dialled when somebody locks it.
  1357: '2',
  1382: '0',
  8385: '',
  330: '0',
  331: '',
  332: '0',
  6713: '',
  6714: '',
  71: '',
  8388: '0',
  1362: LEFT,
  // Tones: dial, ringback, busy, congestion.
  343: LEFT,
  346: LEFT,
  348: LEFT,
  349: LEFT,
};

const ADAPTER: Record<number, string | null> = {
  // The password of a third web account, and no web page on the side of the network.
  28113: '',
  190: '0',
  4000: LEFT,
  4001: LEFT,
  4002: LEFT,
  4003: LEFT,
};

const known = new Map<GrandstreamModel, ParameterList>();

/** The parameters owned on a model. */
export function ownedParameters(model: GrandstreamModel): ParameterList {
  const before = known.get(model);
  if (before !== undefined) return before;
  const list = new ParameterList([
    group(DEVICE),
    group(model.kind === 'phone' ? PHONE : ADAPTER),
    ...accountsOf(model).map(accountGroup),
    ...(model.kind === 'phone' ? keysOf(model) : []).map((key) => [
      parameter(key.mode, key.idle.mode),
      parameter(key.account, key.idle.account),
      parameter(key.label, ''),
      parameter(key.value, ''),
    ]),
  ]);
  known.set(model, list);
  return list;
}

/** Accounts, or ports, or profiles and then their ports. */
function accountsOf(model: GrandstreamModel): readonly AccountValues[] {
  if (model.kind === 'phone') {
    return Array.from({ length: model.accounts }, (_, at) => phoneAccount(at + 1, model.fifthAccount));
  }
  const own = ADAPTER_ACCOUNTS.slice(0, model.ports);
  if (!model.hasProfiles) return own;
  return [...own, ...Array.from({ length: model.ports }, (_, at) => adapterPort(at + 1))];
}

function accountGroup(values: AccountValues): OwnedParameter[] {
  return [
    ...Object.entries(values.entries).map(([entry, number]) =>
      parameter(number, ACCOUNT[entry as AccountEntry]),
    ),
    ...values.codecs.map((number) => parameter(number, NO_CODEC)),
  ];
}

function group(entries: Record<number, string | null>): OwnedParameter[] {
  return Object.entries(entries).map(([number, cleared]) => parameter(Number(number), cleared));
}

function parameter(number: number, cleared: string | null): OwnedParameter {
  const name = `P${number}`;
  return { name, cleared, write: (value) => writeParameter(name, value) };
}

export function writeParameter(name: string, value: string): string {
  return `<${name}>${escapeXml(value)}</${name}>\n`;
}

/**
 * Beyond what we set: at which hour and on which day a phone asks, by the older and the newer
 * number of the kind of its schedule; a server of TR-069 with its credentials and certificates; and
 * the credentials of the server of firmware.
 */
const OURS = /^P(?:285|286|8459|22296|450[3-9]|451[01]|6768|6769|8220|8221)$/;

/**
 * Why a free parameter cannot be set, in words; null when it can. The same for all phones, and for
 * all adapters; without a model it has to be free on both, for a tenant's devices are of many
 * kinds.
 */
export function rawFault(name: string, model: string | null): string | null {
  if (!/^P[1-9]\d{0,5}$/.test(name)) return 'is no parameter name of this family';
  const kind = model === null ? null : modelOf(model).kind;
  const models = EVERY_MODEL.filter((one) => kind === null || one.kind === kind);
  const isOurs = OURS.test(name) || models.some((one) => ownedParameters(one).owns(name));
  return isOurs ? 'is a parameter that Dialgate sets itself' : null;
}
