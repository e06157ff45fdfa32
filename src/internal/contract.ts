/**
 * What the SIP application and the internal app say to each other: JSON over HTTP with a shared bearer token. These are plain types; the
 * SIP application imports nothing else of `src/` but domain constants.
 *
 *   POST   /v1/calls/route          RouteQuery → RouteAnswer          every INVITE, before anything else
 *   GET    /v1/accounts/{user}      → Account | 404                   REGISTER
 *   POST   /v1/accounts/{user}/ha1  { realm } → Ha1 | 404            a phone that challenges a NOTIFY chooses the realm
 *   PUT    /v1/registrations/{user} Registration → { expiresSeconds } | 404; expiresSeconds 0 takes it away
 *   DELETE /v1/registrations/{user} → 204
 *   POST   /v1/calls                CallOpening → CallOpened | 404    an authenticated caller reaches the authentication service
 *   POST   /v1/calls/{callId}/attempts  Attempt → AttemptVerdict | 404 | 422   committed before it is answered, so never to be
 *                                    repeated by a client that got no answer; 422: not as many digits as the PAP has, nothing was counted
 *   POST   /v1/calls/{callId}/end   CallEnd → 204                     idempotent
 *   POST   /v1/emergency-calls      EmergencyReport → 204
 *   GET    /v1/resyncs?wait=25      → { resyncs: DueResync[] }        long poll; what is answered is leased
 *   POST   /v1/resyncs/{id}/outcome ResyncOutcome → 204 | 404         404: its device has gone
 *   POST   /v1/heartbeat            Heartbeat → 204                  every few seconds, and at once when it changes
 *
 * What goes into a path is percent-encoded. Errors are RFC 9457 problems: 400 with `errors[].pointer` for what does not fit these types, 401
 * without the token, 404 for a user that is nobody's (any more), 413 above 64 kB.
 */
export interface Source {
  protocol: string;
  address: string;
  port: number;
}

/** HA1 per algorithm (RFC 7616): the password itself stays where it is. */
export interface Ha1 {
  md5: string;
  sha256: string;
}

/** A bootstrap account: the SIP identity that came with a token. */
export interface Account {
  user: string;
  realm: string;
  ha1: Ha1;
  deviceId: string;
}

export interface RouteQuery {
  /** The user part of the From header, or of the credentials where there are any: whose call it claims to be. */
  user: string | null;
  dialled: string;
  source: Source;
}

export type RouteAnswer =
  /** Targets to try one after the other; none where nothing is configured. The identity is the name of the site, else of the tenant. */
  | { kind: 'emergency'; targets: string[]; callerIdentity: string | null; mac: string | null }
  /** Everything else goes to the authentication service; account is null for unknown or revoked users. */
  | { kind: 'authentication'; account: Account | null };

export interface Registration {
  contact: string;
  source: Source;
  callId: string;
  cseq: number;
  userAgent: string | null;
  /** Asked for, in seconds; the answer says what was granted. */
  expiresSeconds: number;
}

export interface CallOpening {
  callId: string;
  user: string;
  /** `code`: digits that are an attempt at one where the caller is unclaimed. */
  dialled: 'service' | 'pap' | 'code' | 'other';
  source: Source;
}

/**
 * What the caller must hear first, and how to ask. Languages are those of the prompts folder. An unclaimed phone is asked for the code of a line
 * (4 to 12 digits) instead of a PAP; what it dialled, where that can be a code, is its first entry.
 */
export type CallOpened = { language: string; asks: 'pap' | 'code'; papDigits: number } & OpenedState;

export type OpenedState =
  | { state: 'needed'; attemptsLeft: number }
  | { state: 'failed'; lockedSeconds: number }
  /** unauthorized: an administrator must first authorize provisioning. */
  | { state: 'blocked' | 'successful' | 'expired' | 'unauthorized' };

export interface Attempt {
  user: string;
  /** Complete entries only. */
  digits: string;
  source: Source;
}

export type AttemptVerdict =
  | { kind: 'accepted' }
  | { kind: 'wrong'; attemptsLeft: number }
  | { kind: 'failed'; lockedSeconds: number }
  | { kind: 'blocked' }
  | { kind: 'successful' }
  | { kind: 'expired' }
  | { kind: 'unauthorized' }
  /** The code is that of another tenant's line: counted as a wrong one, and the caller hears so. */
  | { kind: 'other-tenant'; attemptsLeft: number };

export interface CallEnd {
  user: string;
  /** How far the dialogue came; for the audit log. */
  outcome: 'accepted' | 'refused' | 'locked' | 'abandoned' | 'no-input' | 'error';
  seconds: number;
}

export interface EmergencyReport {
  user: string | null;
  dialled: string;
  source: Source;
  target: string | null;
  outcome: 'connected' | 'failed';
  status: number | null;
}

/** A phone to be asked to fetch again, at the place where it registered. */
export interface DueResync {
  /** Opaque, percent-encoded in a path as any. */
  id: string;
  contact: string;
  source: Source;
  event: string;
  headers: Record<string, string>;
  body: string | null;
  /** Whose registration it is; for a phone that answers 401 (RFC 3261, 22.2) the SIP application asks for this user's HA1. */
  user: string;
}

export type ResyncOutcome =
  { kind: 'answered'; status: number } | { kind: 'failed'; status: number | null; reason: string };

export interface Heartbeat {
  id: string;
  sipServer: boolean;
  mediaServer: boolean;
}
