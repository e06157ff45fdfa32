/**
 * A port that could not be opened, said so that the caller can name the setting that moves it.
 */

/** What the port was for. */
export type PortPurpose = 'sip' | 'sip-tls' | 'sip-control' | 'media-control' | 'media-sip' | 'rtp';

export interface ListenFailure {
  readonly purpose: PortPurpose;
  readonly protocol: 'udp' | 'tcp';
  readonly host: string;
  readonly port: number;
  /** The system's word for it: `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, … */
  readonly code: string;
}

export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly failure: ListenFailure;

  constructor(failure: ListenFailure) {
    super(
      `cannot listen on ${failure.protocol} ${failure.host}:${failure.port} (${failure.purpose}): ${failure.code}`,
    );
    this.failure = failure;
  }

  /** From what `listen` or `bind` reported. */
  static from(error: unknown, where: Omit<ListenFailure, 'code'>): ListenError {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return new ListenError({ ...where, code });
  }
}
