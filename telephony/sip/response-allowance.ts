/**
 * So many bytes may go to an address that has proved nothing for each that came in its name: forged
 * requests then bring it no flood worth the trouble. The rest is kept for the final response,
 * whatever was repeated before it.
 */
const MOST_FOR_ONE = 10;
const MOST_BEFORE_FINAL = 6;

/**
 * As often a request comes again that is not answered: timers A and E of RFC 3261 make it eleven
 * times, and a proxy's may add to them.
 */
const MAX_REPEATS = 20;

/**
 * What may be sent in answer to one request, as long as its sender has not proved that it is where
 * it says.
 */
export class ResponseAllowance {
  #received: number;
  #sent = 0;
  #repeats = 0;

  /** @param bytes of the request */
  constructor(bytes: number) {
    this.#received = bytes;
  }

  /**
   * The request has come again. False when it has too often, and is not to be answered any more.
   */
  receiveAgain(bytes: number): boolean {
    this.#received += bytes;
    this.#repeats += 1;
    return this.#repeats <= MAX_REPEATS;
  }

  /**
   * Takes what a response needs; false when it is not to be sent. `first` of a final response, else
   * a provisional one or a repetition.
   */
  take(bytes: number, kind: 'first' | 'other'): boolean {
    const most = (kind === 'first' ? MOST_FOR_ONE : MOST_BEFORE_FINAL) * this.#received;
    if (this.#sent + bytes > most) return false;
    this.#sent += bytes;
    return true;
  }
}
