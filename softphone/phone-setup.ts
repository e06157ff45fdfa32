/** A SIP account as a configuration sets it. */
export interface PhoneAccount {
  label: string;
  user: string;
  authUser: string;
  password: string;
  /** A name or an address; an IPv6 address without brackets. */
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
}

/** What a phone is, once it has applied its configuration. */
export interface PhoneSetup {
  /** What stands on its display beside the first line key. */
  display: string;
  /** The accounts that are switched on, in the order of the keys. */
  accounts: readonly PhoneAccount[];
  /** Where it fetches from next time; null leaves the address it has. */
  provisioningUrl: string | null;
  /** How often it fetches by itself, in seconds; null when it does not. */
  refreshSeconds: number | null;
  /** Dialled by itself when the handset is lifted. */
  warmLine: string | null;
}

/**
 * A phone family's own behaviour: which files it asks for, in which order, and how it reads them.
 */
export interface PhoneFamily {
  defaultModel: string;
  userAgent(model: string, macHex: string): string;
  /** The NOTIFY events that make it fetch; absent: `check-sync`, with or without parameters. */
  resyncEvents?: RegExp;
  /**
   * Fetches all files and merges them into the settings that the phone has, by the rules of the
   * family's format. Answers false when the server had no configuration for this phone.
   */
  provision(phone: ProvisionedPhone): Promise<boolean>;
  setup(settings: Settings): PhoneSetup;
}

/** Parameter names and values as the phone keeps them in its flash. */
export type Settings = Map<string, string>;

export interface ProvisionedPhone {
  macHex: string;
  model: string;
  settings: Settings;
  /** A file below the provisioning URL; null when the server has none (404). */
  fetch(name: string): Promise<string | null>;
}

/**
 * Reads `host`, `host:port`, `[2001:db8::1]:port`. An IPv6 address comes without its brackets; the
 * port is null where none is given.
 */
export function readPlace(text: string): { host: string; port: number | null } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? [];
  return { host: bracketed ?? plain ?? '', port: port === undefined ? null : Number(port) };
}
