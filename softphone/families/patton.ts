import type { PhoneAccount, PhoneFamily, Settings } from '../phone-setup.js';

/**
 * The modes that we understand, and which of them are inside others; a command belongs to the
 * innermost one that was entered.
 */
const MODES: readonly (readonly [depth: number, enter: RegExp])[] = [
  [1, /^profile |^actions$|^context |^port |^authentication-service |^location-service |^system$/],
  [2, /^(?:routing-table|mapping-table|interface|identity|rule|ic) /],
  [3, /^(?:authentication|registration) outbound$|^call outbound$|^message inbound$/],
];

/**
 * Patton SmartNode on SmartWare R6 (configuration guide, "Auto provisioning"): it fetches what the
 * location of its provisioning profile says; a new one, `$(system.mac).cfg`. A configuration
 * replaces the whole one before it.
 */
export const patton: PhoneFamily = {
  defaultModel: 'SN4112',
  userAgent: (model, macHex) =>
    `SmartNode (Model:${model}/JS/EUI; Serial:${macHex.toUpperCase()}; Software Version:R6.11 2019-03-20 H323 SIP FXS FXO; Hardware Version:4.4)`,

  async provision(phone) {
    const location = locationOf(phone.settings) ?? '$(system.mac).cfg';
    const file = await phone.fetch(location.replaceAll('$(system.mac)', phone.macHex.toLowerCase()));
    if (file === null) return false;
    const commands = read(file);
    phone.settings.clear();
    for (const [command, value] of commands) phone.settings.set(command, value);
    return true;
  },

  setup(settings) {
    const minutes = find(
      settings,
      /^timer \S+ now \+ (\d+) minutes? "provisioning execute PF_CONFIGURATION"$/,
    );
    return {
      display: '',
      accounts: readAccounts(settings),
      provisioningUrl: locationOf(settings)?.replace(/[^/]*$/, '') ?? null,
      refreshSeconds: minutes === undefined ? null : Number(minutes) * 60,
      warmLine: warmLineOf(settings),
    };
  },
};

/**
 * Each command after the modes it stands in, such as `location-service LOC1 > domain sip.example`.
 */
function read(file: string): Settings {
  const [header, ...lines] = file.split(/\r?\n/);
  if (header !== 'cli version 3.20') throw new Error('The file does not begin with cli version 3.20.');
  const commands: Settings = new Map();
  let modes: string[] = [];
  for (const line of lines) {
    const command = line.trim();
    if (command === '' || command.startsWith('#')) continue;
    const depth = MODES.find(([, enter]) => enter.test(command))?.[0] ?? null;
    if (depth === null) {
      const isOfNone = /^(?:clock|sntp-client|administrator|timer|webserver) ?/.test(command);
      commands.set([...(isOfNone ? [] : modes), command].join(' > '), '');
    } else {
      if (modes.length < depth - 1)
        throw new Error(`There is no such command here: ${command.split(' ')[0]}.`);
      modes = [...modes.slice(0, depth - 1), command];
      commands.set(modes.join(' > '), '');
    }
  }
  return commands;
}

/** What the expression has in brackets, of the first command that it matches. */
function find(settings: Settings, command: RegExp): string | undefined {
  for (const name of settings.keys()) {
    const found = command.exec(name)?.[1];
    if (found !== undefined) return unquote(found);
  }
  return undefined;
}

function unquote(word: string): string {
  return word.replace(/^"(.*)"$/, '$1');
}

function locationOf(settings: Settings): string | null {
  return find(settings, /^profile provisioning PF_CONFIGURATION > location 1 (.+)$/) ?? null;
}

/** Which call goes where when the handset of the first socket is lifted and nothing is keyed. */
function warmLineOf(settings: Settings): string | null {
  const table = find(settings, /> interface fxs IF_FXS0 > route call dest-table (\S+)$/);
  const mapping = find(
    settings,
    new RegExp(`> routing-table called-e164 ${table} > route T\\d* dest-interface \\S+ (\\S+)$`),
  );
  if (table === undefined || mapping === undefined) return null;
  return (
    find(settings, new RegExp(`> mapping-table \\S+ to \\S+ ${mapping} > map default to (\\S+)$`)) ?? null
  );
}

/** The identities that register, in the order of the sockets they belong to. */
function readAccounts(settings: Settings): PhoneAccount[] {
  const identities = new Map<string, PhoneAccount>();
  for (const name of settings.keys()) {
    const [, mode, quoted] =
      /^((?:location-service \S+) > identity (\S+|".*?")) > registration outbound$/.exec(name) ?? [];
    if (mode === undefined || quoted === undefined) continue;
    const get = (command: string): string =>
      find(settings, new RegExp(`^${escape(`${mode} > ${command} `)}(.+)$`)) ?? '';
    const [host = '', port] = get('registration outbound > registrar').split(' ');
    const authUser = get('authentication outbound > authenticate authentication-service AUTH username');
    const user = unquote(quoted);
    identities.set(user, {
      label: '',
      user,
      authUser,
      password: passwordOf(settings, authUser),
      host,
      port: Number(port ?? 5060),
      transport: get('registration outbound > preferred-transport-protocol') === 'tcp' ? 'tcp' : 'udp',
    });
  }
  const sockets = [...settings.keys()].flatMap(
    (name) => /> interface fxs \S+ > subscriber-number (.+)$/.exec(name)?.[1] ?? [],
  );
  const users = [...new Set(sockets.map(unquote))];
  return users.flatMap((user) => identities.get(user) ?? []);
}

function passwordOf(settings: Settings, authUser: string): string {
  const user = escape(authUser);
  const command = new RegExp(`^authentication-service AUTH > username (?:${user}|"${user}") password (.+)$`);
  return find(settings, command) ?? '';
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
