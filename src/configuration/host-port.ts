/**
 * Reads `host`, `host:port`, `[2001:db8::1]:port`; the brackets stay. The port is null where there
 * is none, or one of more than five digits.
 */
export function readHostPort(text: string): { host: string; port: number | null } {
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  if (host === undefined) return { host: text.trim(), port: null };
  return { host, port: port === undefined ? null : Number(port) };
}
