import type { Socket } from 'node:net';

/** How often is looked, and asked. */
const INTERVAL_MS = 3000;
/**
 * Looks in a row without a byte having come after which a server hangs: one alone may be our own
 * standing still.
 */
const MAX_SILENT_LOOKS = 3;
/** A connection that has been silent for so many looks is given up; ten minutes. */
const HOPELESS_LOOKS = 200;

export interface ControlEvents {
  /** Nothing comes any more. */
  onSilent(): void;
  /** Something comes again. */
  onHeard(): void;
}

/**
 * Watches one connection to a drachtio-server. One that hangs keeps its connections open and says
 * nothing, and TCP tells of it no sooner than of a broken line: so it is asked every few seconds. A
 * connection over which nothing comes is not torn down at once, for a server that goes on finishes
 * what it was told meanwhile (the ends of calls), and one that finds its application gone without
 * its noticing goes on sending it every second request. One that does not even answer who we are is
 * torn down.
 */
export class ControlWatch {
  #heard = true;
  #silentLooks = 0;
  #isAuthenticated = false;
  #ping: (() => void) | null = null;

  constructor(
    private readonly socket: Socket,
    private readonly events: ControlEvents,
    intervalMs = INTERVAL_MS,
  ) {
    const timer = setInterval(() => this.#look(), intervalMs);
    // before the reader of the connection sees it
    socket.prependListener('data', () => this.#hear());
    socket.once('close', () => clearInterval(timer));
  }

  /** It has let us in. null: it knows no pings, so that its silence says nothing. */
  authenticated(ping: (() => void) | null): void {
    this.#isAuthenticated = true;
    this.#ping = ping;
  }

  #hear(): void {
    this.#heard = true;
    if (this.#silentLooks >= MAX_SILENT_LOOKS) this.events.onHeard();
    this.#silentLooks = 0;
  }

  #look(): void {
    if (this.#isAuthenticated && this.#ping === null) return;
    this.#silentLooks = this.#heard ? 0 : this.#silentLooks + 1;
    this.#heard = false;
    if (this.#silentLooks === MAX_SILENT_LOOKS) this.events.onSilent();
    const most = this.#isAuthenticated ? HOPELESS_LOOKS : MAX_SILENT_LOOKS;
    if (this.#silentLooks >= most) this.socket.destroy();
    else this.#ping?.();
  }
}
