import type { CodecName } from '../domain/phone-settings.js';
import { type Account, lineAccounts } from './accounts.js';
import type { ConfigurationView, ServiceView } from './vendor.js';

/**
 * How long a registration with the service lasts, in seconds: short, so that the port mapping in
 * the phone's NAT still exists when a NOTIFY is sent.
 */
const SERVICE_EXPIRES_SECONDS = 300;

/**
 * Seconds off the hook until the service is dialled: time enough to key an emergency number
 * instead.
 */
export const WARM_LINE_SECONDS = 3;

/** The codecs of the service. */
export const SERVICE_CODECS: readonly CodecName[] = ['pcma', 'pcmu'];

/**
 * The service that a configuration has in the place of lines: the minimal one always, the full one
 * where the phone has no lines; null where it has some.
 */
export function serviceOf(view: ConfigurationView): ServiceView | null {
  return 'lines' in view ? view.service : view;
}

interface ServiceLine extends Account {
  port: number;
}

/**
 * The one account of a phone without lines of its own: it reaches the authentication service and
 * emergency numbers, and its names are what the phone shows.
 */
export function serviceLine({ account, displayText }: ServiceView): ServiceLine {
  const { user, password, host, port, transport } = account;
  return {
    label: displayText,
    displayName: displayText,
    sipUser: user,
    authUser: user,
    password,
    host,
    port,
    outboundProxy: null,
    transport,
    expiresSeconds: SERVICE_EXPIRES_SECONDS,
    codecs: SERVICE_CODECS,
    srtp: 'off',
    voicemailNumber: null,
    verifiesServer: false,
  };
}

/** The same for phones that do not speak TLS: where the service uses TLS, these use UDP. */
export function plainServiceLine(view: ServiceView): ServiceLine & { transport: 'udp' | 'tcp' } {
  const { transport, plainPort } = view.account;
  const line = serviceLine(view);
  return transport === 'tls' ? { ...line, port: plainPort, transport: 'udp' } : { ...line, transport };
}

/**
 * The accounts of a configuration: that of the service, or as many lines as the model has room for.
 */
export function accountsOf(view: ConfigurationView, count: number): Account[] {
  const service = serviceOf(view);
  return service === null ? lineAccounts(view, count) : [serviceLine(service)];
}

/** The display texts for handsets with room for twelve characters: the same words, shortened. */
const SHORT_TEXTS: Record<ServiceView['displayText'], string> = {
  'Authentication needed': 'Auth needed',
  'Authentication failed': 'Auth failed',
  'Authentication blocked': 'Auth blocked',
  'Authorize provisioning!': 'Authorize!',
  'No line assigned': 'No line',
};

export function shortDisplayText({ displayText }: Pick<ServiceView, 'displayText'>): string {
  return SHORT_TEXTS[displayText];
}
