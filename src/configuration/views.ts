import { effectiveEmergency } from '../domain/emergency.js';
import { type DisplayText, NO_LINE_TEXT } from '../domain/display.js';
import { formerParameters } from '../domain/former-parameters.js';
import { wishedLanguages } from '../domain/language.js';
import { macHex, type Mac } from '../domain/mac.js';
import { SERVICE_NUMBER } from '../domain/pap.js';
import { type PhoneSettings, effectiveSettings } from '../domain/phone-settings.js';
import type { ServiceContext } from '../services/context.js';
import type { FetchedLine, FetchFacts } from '../store/fetch-lookup.js';
import type { CommonView, FullView, LineView, MinimalView, ServiceView } from '../vendors/vendor.js';
import { freeParameters, settingsView } from './settings-view.js';
import type { ViewSecrets } from './view-secrets.js';

const NTP_SERVER = 'pool.ntp.org';

/** A phone that waits for its PAP fetches every minute, in case no NOTIFY reaches it. */
const MINIMAL_REFRESH_SECONDS = 60;
/** A phone that has authenticated fetches every four to six hours. */
const FULL_REFRESH_SECONDS = 4 * 3600;
const FULL_REFRESH_SPREAD_SECONDS = 2 * 3600;

export interface ViewContext extends Pick<ServiceContext, 'installation' | 'clock'> {
  secrets: ViewSecrets;
}

/** The view for the minimal configuration of a phone with this token, old or new. */
export function minimalView(
  context: ViewContext,
  facts: FetchFacts,
  model: string | null,
  tokenId: string,
  displayText: DisplayText,
): MinimalView {
  const settings = effectiveSettings(...facts.settings);
  const raw = freeParameters(settings, { vendor: facts.vendor, model, secrets: context.secrets });
  return {
    ...commonView(context, facts, settings, { model, tokenId, raw }),
    refreshSeconds: MINIMAL_REFRESH_SECONDS,
    phonePassword: context.secrets.phonePassword(tokenId),
    ...serviceView(context, tokenId, displayText),
  };
}

/**
 * The view for the full configuration. A phone without lines keeps the account of its token, and
 * has no settings that belong to a line.
 */
export function fullView(
  context: ViewContext,
  facts: FetchFacts,
  model: string | null,
  tokenId: string,
): FullView {
  const settings = effectiveSettings(...facts.settings);
  const { secrets } = context;
  const raw = freeParameters(settings, { vendor: facts.vendor, model, secrets });
  const isWithoutLine = facts.lines.length === 0;
  return {
    ...commonView(context, facts, settings, { model, tokenId, raw }),
    refreshSeconds: fullRefreshSeconds(facts.mac),
    phonePassword: secrets.phonePassword(facts.deviceId),
    lines: facts.lines.map((line) => lineView(secrets, line)),
    service: isWithoutLine ? serviceView(context, tokenId, NO_LINE_TEXT) : null,
    ...settingsView(settings, facts.settings, {
      publicUrl: context.installation.publicUrl,
      vendor: facts.vendor,
      model,
      secrets,
    }),
    ...(isWithoutLine && { keys: [], voicemailNumber: null }),
    raw,
  };
}

/** The account of a token, and the text on the display of its phone. */
function serviceView(
  { installation, secrets }: ViewContext,
  tokenId: string,
  displayText: ServiceView['displayText'],
): ServiceView {
  const { host, port, transport, plainPort } = installation.sip;
  return {
    displayText,
    serviceNumber: SERVICE_NUMBER,
    account: {
      user: tokenId,
      password: secrets.sipPassword(tokenId),
      host,
      port,
      transport,
      plainPort,
    },
  };
}

function commonView(
  { installation, clock, secrets }: ViewContext,
  facts: FetchFacts,
  settings: PhoneSettings,
  phone: { model: string | null; tokenId: string; raw: ReadonlyMap<string, string> },
): Omit<CommonView, 'refreshSeconds' | 'phonePassword'> {
  return {
    mac: facts.mac,
    model: phone.model,
    provisioningUrl: `${installation.publicUrl}/${secrets.token(phone.tokenId, facts.deviceId)}/`,
    language: wishedLanguages(facts.languages, installation.language)[0],
    timezone: facts.timezone,
    at: clock.now(),
    ntpServer: settings.ntpServer ?? NTP_SERVER,
    rawNames: [...new Set([...phone.raw.keys(), ...formerParameters(facts.settings, facts.vendor)])],
    emergencyNumbers: effectiveEmergency(...facts.emergency, installation.emergency).numbers,
  };
}

function lineView(secrets: ViewSecrets, line: FetchedLine): LineView {
  return {
    label: line.label,
    displayName: line.displayName ?? line.label,
    sipUser: line.sipUser,
    authUser: line.authUser ?? line.sipUser,
    password: secrets.linePassword(line),
    ...readHostPort(line.registrar),
    outboundProxy: line.outboundProxy === null ? null : readHostPort(line.outboundProxy),
    transport: line.transport,
  };
}

/**
 * Jitter by MAC, in whole minutes: phones that were switched on at the same time do not all fetch
 * at the same time.
 */
function fullRefreshSeconds(mac: Mac): number {
  const spread = Number.parseInt(macHex(mac).slice(-6), 16) % (FULL_REFRESH_SPREAD_SECONDS / 60);
  return FULL_REFRESH_SECONDS + spread * 60;
}

/**
 * Reads `host`, `host:port`, `[2001:db8::1]:port`; the brackets stay. The port is null where there
 * is none, or one of more than five digits.
 */
export function readHostPort(text: string): { host: string; port: number | null } {
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  if (host === undefined) return { host: text.trim(), port: null };
  return { host, port: port === undefined ? null : Number(port) };
}
