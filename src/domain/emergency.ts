/** Where emergency calls go: a SIP URI, or several to try one after the other. */
export type EmergencyRoute = string | string[];

/** Where emergency calls go and which numbers they have; at the site, else the tenant, else the installation. */
export interface EmergencySettings {
  route: EmergencyRoute | null;
  numbers: readonly string[] | null;
}

/** The settings in force: each of the two is taken from the first of the given (site, tenant, installation) that has it. */
export function effectiveEmergency(...settings: EmergencySettings[]): { route: string[]; numbers: string[] } {
  const route = settings.map((one) => [one.route ?? []].flat()).find((targets) => targets.length > 0);
  const numbers = settings.map((one) => one.numbers ?? []).find((list) => list.length > 0);
  return { route: route ?? [], numbers: [...(numbers ?? [])] };
}

/** Numbers match exactly: 0911234 is not an emergency. */
export function isEmergencyNumber(dialled: string, numbers: readonly string[]): boolean {
  return numbers.includes(dialled);
}

/** Whether a text can be an emergency number: what a phone's keys can dial. */
export function isPossibleEmergencyNumber(text: string): boolean {
  return /^[0-9*#+]{2,15}$/.test(text);
}

/** RFC 3261, section 19.1.1, without headers: scheme, user, and host with port and parameters. */
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
