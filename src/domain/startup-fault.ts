/**
 * Thrown by what keeps Dialgate from starting and is the operator's to mend. The message is for
 * him: what is wrong, and which setting mends it; a stack would be of no use.
 */
export class StartupFault extends Error {
  override readonly name = 'StartupFault';
}
