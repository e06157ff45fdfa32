/** Where emergency calls go: a SIP URI, or several to try one after the other. */
export type EmergencyRoute = string | string[];

/**
 * Where emergency calls go and which numbers they have; at the site, else the tenant, else the
 * installation.
 */
export interface EmergencySettings {
  route: EmergencyRoute | null;
  numbers: readonly string[] | null;
}

/**
 * The settings in force: each of the two is taken from the first of the given (site, tenant,
 * installation) that has it.
 */
export function effectiveEmergency(
  ...settings: readonly EmergencySettings[]
): Pick<EmergencyPlan, 'route' | 'numbers'> {
  const route = settings.map((one) => [one.route ?? []].flat()).find((targets) => targets.length > 0);
  const numbers = settings.map((one) => one.numbers ?? []).find((list) => list.length > 0);
  return { route: route ?? [], numbers: numbers ?? [] };
}

/**
 * A call for help without a number: `urn:service:sos`, or one of its kinds such as
 * `urn:service:sos.fire` (RFC 5031 4.2).
 */
const SERVICE_URN = /^urn:service:sos(?:\.[a-z0-9-]+)*$/i;

/**
 * The emergency number that was dialled; null when it is none. Numbers match exactly: 0911234 is
 * not an emergency. A `#` that phones put after what was keyed, to have it dialled at once, is not
 * part of the number. A call for help without a number goes to the first of them.
 */
export function emergencyNumber(dialled: string, numbers: readonly string[]): string | null {
  if (SERVICE_URN.test(dialled)) return numbers[0] ?? '112';
  return [dialled, dialled.replace(/#$/, '')].find((number) => numbers.includes(number)) ?? null;
}

/**
 * Who is seen to call for help: what the site, or the tenant, is called, and the number under which
 * it can be called back.
 */
export interface CallerIdentity {
  name: string | null;
  /** A telephone number, or a SIP or tel URI. */
  number: string | null;
}

/**
 * Everything that connecting an emergency call needs. Known beforehand, so that no look-up stands
 * between the caller and the call.
 */
export interface EmergencyPlan {
  route: readonly string[];
  numbers: readonly string[];
  callerIdentity: CallerIdentity | null;
}

/** A site or a tenant, as far as its calls for help go. */
export interface EmergencyParty extends EmergencySettings {
  name: string;
  callerNumber: string | null;
}

/** The plan of a phone at this site of this tenant; without either, the installation's. */
export function emergencyPlan(
  site: EmergencyParty | null,
  tenant: EmergencyParty | null,
  installation: EmergencySettings,
): EmergencyPlan {
  const own = [site, tenant].filter((party) => party !== null);
  const name = own.map((party) => party.name).toReversed();
  const number = own.find((party) => party.callerNumber !== null)?.callerNumber ?? null;
  return {
    ...effectiveEmergency(...own, installation),
    callerIdentity: own.length === 0 ? null : { name: name.join(', '), number },
  };
}

/** Where a call goes by this plan, target by target; null when what was dialled is no emergency. */
export function emergencyTargets(plan: EmergencyPlan, dialled: string): string[] | null {
  const number = emergencyNumber(dialled, plan.numbers);
  return number === null ? null : plan.route.map((route) => emergencyTarget(route, number));
}

/**
 * Whether a text can be the number of a caller: a telephone number with or without a plus, or a SIP
 * URI with a user.
 */
export function isCallerNumber(text: string): boolean {
  return /^\+?\d{2,20}$/.test(text) || (isEmergencyRoute(text) && text.includes('@'));
}

/** Whether a text can be an emergency number: what a phone's keys can dial. */
export function isPossibleEmergencyNumber(text: string): boolean {
  return /^[0-9*#+]{2,15}$/.test(text);
}

/** RFC 3261 19.1.1, without headers: scheme, user, and host with port and parameters. */
const SIP_URI =
  /^(sips?):(?:[^@\s<>"]+@)?((?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::\d{1,5})?(?:;[^@\s<>"?]+)?)$/i;

/** Whether a text can be an emergency route: a SIP URI, with or without a user part. */
export function isEmergencyRoute(uri: string): boolean {
  return SIP_URI.test(uri);
}

/** The URI to call: the route with the dialled number as its user part. */
export function emergencyTarget(route: string, dialled: string): string {
  // A plus needs no escape in a user part (section 25.1), and gateways expect it bare.
  const user = encodeURIComponent(dialled).replaceAll('%2B', '+');
  return route.replace(SIP_URI, (_, scheme: string, rest: string) => `${scheme}:${user}@${rest}`);
}
