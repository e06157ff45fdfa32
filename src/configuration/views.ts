import { effectiveEmergency } from '../domain/emergency.js';
import type { DisplayText } from '../domain/display.js';
import { macHex, type Mac } from '../domain/mac.js';
import { SERVICE_NUMBER } from '../domain/pap.js';
import { type PhoneSettings, effectiveSettings } from '../domain/phone-settings.js';
import type { ServiceContext } from '../services/context.js';
import type { FetchedLine, FetchFacts } from '../store/fetch-lookup.js';
import type { CommonView, FullView, LineView, MinimalView } from '../vendors/vendor.js';
import { readHostPort } from './host-port.js';
import { freeParameters, settingsView } from './settings-view.js';
import type { ViewSecrets } from './view-secrets.js';

const NTP_SERVER = 'pool.ntp.org';

/** A phone that waits for its PAP asks every minute, should it not be reached by NOTIFY. */
const MINIMAL_REFRESH_SECONDS = 60;
/** A phone that has proved itself asks every four to six hours. */
const FULL_REFRESH_SECONDS = 4 * 3600;
const FULL_REFRESH_SPREAD_SECONDS = 2 * 3600;

export interface ViewContext extends Pick<ServiceContext, 'installation'> {
  secrets: ViewSecrets;
}

/** What goes into the minimal configuration of a phone that holds, or is now given, the token. */
export function minimalView(
  context: ViewContext,
  facts: FetchFacts,
  model: string | null,
  tokenId: string,
  displayText: DisplayText,
): MinimalView {
  const { host, port } = context.installation.sip;
  const settings = effectiveSettings(...facts.settings);
  return {
    ...commonView(context, facts, settings, model, tokenId),
    refreshSeconds: MINIMAL_REFRESH_SECONDS,
    phonePassword: context.secrets.phonePassword(tokenId),
    displayText,
    serviceNumber: SERVICE_NUMBER,
    account: {
      user: tokenId,
      password: context.secrets.sipPassword(tokenId),
      host,
      port,
      transport: 'udp',
    },
  };
}

export function fullView(
  context: ViewContext,
  facts: FetchFacts,
  model: string | null,
  tokenId: string,
): FullView {
  const settings = effectiveSettings(...facts.settings);
  return {
    ...commonView(context, facts, settings, model, tokenId),
    refreshSeconds: fullRefreshSeconds(facts.mac),
    phonePassword: context.secrets.phonePassword(facts.deviceId),
    lines: facts.lines.map((line) => lineView(context.secrets, line)),
    ...settingsView(settings, {
      publicUrl: context.installation.publicUrl,
      vendor: facts.vendor,
      model,
      secrets: context.secrets,
    }),
  };
}

function commonView(
  { installation, secrets }: ViewContext,
  facts: FetchFacts,
  settings: PhoneSettings,
  model: string | null,
  tokenId: string,
): Omit<CommonView, 'refreshSeconds' | 'phonePassword'> {
  return {
    mac: facts.mac,
    model,
    provisioningUrl: `${installation.publicUrl}/${secrets.token(tokenId, facts.deviceId)}/`,
    language: facts.languages.find((language) => language !== null) ?? installation.language,
    timezone: facts.timezone,
    ntpServer: settings.ntpServer ?? NTP_SERVER,
    rawNames: [...freeParameters(settings, { vendor: facts.vendor, model, secrets }).keys()],
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

/** The phone's own moment, in whole minutes: phones that were all switched on at once do not all come back at once. */
function fullRefreshSeconds(mac: Mac): number {
  const spread = Number.parseInt(macHex(mac).slice(-6), 16) % (FULL_REFRESH_SPREAD_SECONDS / 60);
  return FULL_REFRESH_SECONDS + spread * 60;
}
