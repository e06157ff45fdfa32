/**
 * A host as a field takes it that has nothing but a host in it: an IPv6 address without brackets.
 */
export function plainHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/**
 * A host within a URI or before a port: an IPv6 address stands in brackets (RFC 3261 25.1), or what
 * follows could not be told from it.
 */
export function uriHost(host: string): string {
  const plain = plainHost(host);
  return plain.includes(':') ? `[${plain}]` : plain;
}

/** `host:port`, or the host alone where the port is left to the phone. */
export function hostPort({ host, port }: { host: string; port: number | null }): string {
  return port === null ? uriHost(host) : `${uriHost(host)}:${port}`;
}
