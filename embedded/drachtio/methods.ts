/** Methods this server knows: RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086. */
const METHODS: ReadonlySet<string> = new Set([
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'REGISTER',
  'INFO',
  'PRACK',
  'UPDATE',
  'MESSAGE',
  'SUBSCRIBE',
  'NOTIFY',
  'REFER',
  'PUBLISH',
]);

/**
 * Methods that mean something outside of a dialog, and which applications can therefore register
 * for.
 */
const STANDALONE: ReadonlySet<string> = new Set([
  'INVITE',
  'REGISTER',
  'MESSAGE',
  'OPTIONS',
  'INFO',
  'NOTIFY',
  'SUBSCRIBE',
  'PUBLISH',
]);

/** Methods that make no sense without the dialog or transaction they name. */
const DIALOG_ONLY: ReadonlySet<string> = new Set(['BYE', 'UPDATE', 'PRACK']);

export function isKnownMethod(method: string): boolean {
  return METHODS.has(method);
}

/** How a request outside of any dialog we know is treated. */
export function roleOutsideDialog(method: string): 'for-applications' | 'dialog-only' | 'unknown' {
  if (STANDALONE.has(method)) return 'for-applications';
  return DIALOG_ONLY.has(method) ? 'dialog-only' : 'unknown';
}

/** The value of Allow. */
export const ALLOW = [...METHODS].join(', ');
