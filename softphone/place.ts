/**
 * Reads `host`, `host:port`, `[2001:db8::1]:port`. An IPv6 address comes without its brackets; the
 * port is null where none is given.
 */
export function readPlace(text: string): { host: string; port: number | null } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? [];
  return { host: bracketed ?? plain ?? '', port: port === undefined ? null : Number(port) };
}
