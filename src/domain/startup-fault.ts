/**
 * A fault that keeps Dialgate from starting and that the operator can mend. The message says what
 * is wrong and which setting mends it; it is printed without a stack.
 */
export class StartupFault extends Error {
  override readonly name = 'StartupFault';
}
