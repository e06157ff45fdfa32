import { effectiveEmergency } from '../domain/emergency.js';
import type { DisplayText } from '../domain/display.js';
import { macHex, type Mac } from '../domain/mac.js';
import { SERVICE_NUMBER } from '../domain/pap.js';
import {
  derivePhonePassword,
  deriveSipPassword,
  deriveToken,
  type MasterKey,
  unseal,
} from '../domain/secrets.js';
import type { ServiceContext } from '../services/context.js';
import type { FetchedLine, FetchFacts } from '../store/fetch-lookup.js';
import type { CommonView, FullView, LineView, MinimalView } from '../vendors/vendor.js';
import { readHostPort } from './host-port.js';

const NTP_SERVER = 'pool.ntp.org';

/** A phone that waits for its PAP asks every minute, should it not be reached by NOTIFY. */
const MINIMAL_REFRESH_SECONDS = 60;
/** A phone that has proved itself asks every four to six hours. */
const FULL_REFRESH_SECONDS = 4 * 3600;
const FULL_REFRESH_SPREAD_SECONDS = 2 * 3600;

type ViewContext = Pick<ServiceContext, 'installation' | 'masterKey'>;

/** What goes into the minimal configuration of a phone that holds, or is now given, the token. */
export function minimalView(
  context: ViewContext,
  facts: FetchFacts,
  model: string | null,
  tokenId: string,
  displayText: DisplayText,
): MinimalView {
  const { host, port } = context.installation.sip;
  return {
    ...commonView(context, facts, model, tokenId),
    refreshSeconds: MINIMAL_REFRESH_SECONDS,
    phonePassword: derivePhonePassword(context.masterKey, tokenId),
    displayText,
    serviceNumber: SERVICE_NUMBER,
    account: {
      user: tokenId,
      password: deriveSipPassword(context.masterKey, tokenId),
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
  return {
    ...commonView(context, facts, model, tokenId),
    refreshSeconds: fullRefreshSeconds(facts.mac),
    phonePassword: derivePhonePassword(context.masterKey, facts.deviceId),
    lines: facts.lines.map((line) => lineView(context.masterKey, line)),
  };
}

function commonView(
  { installation, masterKey }: ViewContext,
  facts: FetchFacts,
  model: string | null,
  tokenId: string,
): Omit<CommonView, 'refreshSeconds' | 'phonePassword'> {
  return {
    mac: facts.mac,
    model,
    provisioningUrl: `${installation.publicUrl}/${deriveToken(masterKey, tokenId, facts.deviceId)}/`,
    language: facts.languages.find((language) => language !== null) ?? installation.language,
    timezone: facts.timezone,
    ntpServer: NTP_SERVER,
    emergencyNumbers: effectiveEmergency(...facts.emergency, installation.emergency).numbers,
  };
}

function lineView(masterKey: MasterKey, line: FetchedLine): LineView {
  return {
    label: line.label,
    displayName: line.displayName ?? line.label,
    sipUser: line.sipUser,
    authUser: line.authUser ?? line.sipUser,
    password: unseal(masterKey, line.id, line.passwordSealed),
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
