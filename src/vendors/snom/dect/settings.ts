import type { CodecName } from '../../../domain/phone-settings.js';
import { hostPort } from '../../../domain/host.js';
import { joinSettings, type Settings } from '../../parameter-list.js';
import { serviceLine } from '../../service-line.js';
import { shortDisplayText } from '../../short-display.js';
import type { CommonView, LineView, ServiceView } from '../../vendor.js';
import type { DectModel } from '../models.js';
import { settingOf } from '../setting.js';
import { codecList, languageName } from '../settings.js';
import { SERVERS } from './parameters.js';

/**
 * The settings that both configurations make alike. The clock's zone is left as the base has it.
 */
export function baseCommonSettings(view: CommonView): Settings {
  const language = languageName(view.language);
  return new Map([
    // The base puts its MAC in place of {mac}.
    ['setting_server', `${view.provisioningUrl}{mac}.xml`],
    ['auto_resync_polling', 'enabled'],
    ['auto_resync_period', String(Math.max(1, Math.round(view.refreshSeconds / 60)))],
    ['http_pass', view.phonePassword],
    ['http_engineer_pass', view.phonePassword],
    ['http_basic_pass', view.phonePassword],
    ['admin_mode_password', view.phonePassword],
    ['language', language],
    ['web_language', language],
    ['ntp_server', view.ntpServer],
  ]);
}

export interface ExtensionSettings extends LineView {
  expiresSeconds: number;
  codecs: readonly CodecName[];
  srtp: 'off' | 'optional' | 'required';
  voicemailNumber: string | null;
}

/**
 * The first extension for the first handset, and so on. Those for whose server there is no room any
 * more are left out.
 */
export function extensionSettings(extensions: readonly ExtensionSettings[]): Settings {
  const servers = new Map<string, number>();
  const parts: Settings[] = [];
  for (const [at, extension] of extensions.entries()) {
    const server = serverSettings(extension);
    const key = JSON.stringify([...server]);
    const known = servers.get(key);
    if (known === undefined && servers.size === SERVERS) continue;
    const number = known ?? servers.size + 1;
    if (known === undefined) {
      servers.set(key, number);
      parts.push(ofIndex(number, [['srv_sip_server_alias', `Server ${number}`], ...server]));
    }
    parts.push(
      ofIndex(at + 1, [...userSettings(extension), ['subscr_sip_ua_data_server_id', String(number)]]),
    );
  }
  return joinSettings(...parts);
}

/**
 * How many handsets may call the service and emergency numbers: all of a small base. Each registers
 * the one account once more.
 */
const SHARING_HANDSETS = 20;

/** The one account of a base without lines, shared by its first handsets. */
export function serviceExtensions(service: ServiceView, model: DectModel): Settings {
  const text = shortDisplayText(service.displayText);
  const extension = { ...serviceLine(service), label: text, displayName: text, voicemailNumber: null };
  const handsets = Math.min(SHARING_HANDSETS, model.extensions);
  return extensionSettings(Array.from({ length: handsets }, () => extension));
}

type Pairs = readonly (readonly [name: string, value: string])[];

function serverSettings(extension: ExtensionSettings): Pairs {
  return [
    ['user_host', hostPort(extension)],
    ['user_outbound', hostPort(extension.outboundProxy ?? extension)],
    ['srv_sip_transport', extension.transport],
    ['user_expiry', String(extension.expiresSeconds)],
    ['user_srtp', extension.srtp === 'off' ? 'off' : 'on'],
    ['codec_priority_list', codecList(extension.codecs)],
  ];
}

function userSettings(extension: ExtensionSettings): Pairs {
  return [
    ['user_active', 'on'],
    ['user_realname', extension.displayName],
    ['user_name', extension.sipUser],
    ['user_pname', extension.authUser],
    ['user_pass', extension.password],
    ['user_mailbox', extension.voicemailNumber ?? ''],
    ['user_mailnumber', extension.voicemailNumber ?? ''],
    ['subscr_sip_line_name', extension.label],
  ];
}

function ofIndex(index: number, settings: Pairs): Settings {
  return new Map(settings.map(([name, value]) => [settingOf(name, index), value]));
}
