import type { CodecName } from '../domain/phone-settings.js';
import { SERVICE_EXPIRES_SECONDS } from './registration-expiry.js';
import type { LineView, ServiceView } from './vendor.js';

/**
 * Seconds off the hook until the service is dialled: time enough to key an emergency number
 * instead.
 */
export const WARM_LINE_SECONDS = 3;

/** What the service speaks. */
export const SERVICE_CODECS: readonly CodecName[] = ['pcma', 'pcmu'];

export interface ServiceLine extends LineView {
  port: number;
  expiresSeconds: number;
  codecs: readonly CodecName[];
  srtp: 'off';
}

/**
 * The one line of a phone without lines of its own: it reaches the authentication service and
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
  };
}

/** The same for phones that do not speak TLS: where others are told to use it, these use UDP. */
export function plainServiceLine(view: ServiceView): ServiceLine & { transport: 'udp' | 'tcp' } {
  const { transport, plainPort } = view.account;
  const line = serviceLine(view);
  return transport === 'tls' ? { ...line, port: plainPort, transport: 'udp' } : { ...line, transport };
}
