import type { CallerIdentity, EmergencyPlan } from '../domain/emergency.js';

/**
 * What the SIP application and the internal app say to each other: JSON over HTTP with a shared
 * bearer token. These are plain types; the SIP application imports nothing else of `src/` but
 * domain constants.
 *
 *     POST /v1/calls/route              RouteQuery → RouteAnswer
 *         an INVITE that may be an emergency, and every authenticated one
 *     GET  /v1/accounts/{user}          → Account | 404
 *         REGISTER
 *     POST /v1/accounts/{user}/ha1      { realm } → Ha1 | 404
 *         a phone that challenges a NOTIFY chooses the realm
 *     PUT  /v1/registrations/{user}     Registration → Registered | 404
 *     POST /v1/calls                    CallOpening → CallOpened | 404
 *         an authenticated caller reaches the authentication service
 *     POST /v1/calls/{callId}/attempts  Attempt → AttemptVerdict | 404 | 422
 *         committed before it is answered, so a client that got no answer must not repeat it;
 *         422: not as many digits as the PAP has, nothing was counted
 *     POST /v1/calls/{callId}/end       CallEnd → 204
 *         idempotent
 *     POST /v1/emergency-calls          EmergencyReport → 204
 *         the outcome of an emergency call; sent later where the internal app could not be reached
 *     POST /v1/emergency-calls/end      EmergencyEnd → 204
 *         a connected emergency call is over
 *     GET  /v1/resyncs?wait=25          → { resyncs: DueResync[] }
 *         long poll; what is answered is leased
 *     POST /v1/resyncs/{id}/ha1         { realm } → Ha1 | 404
 *         a registrar challenges a NOTIFY: the HA1 of its line, while the resync is open
 *     POST /v1/resyncs/{id}/outcome     ResyncOutcome → 204 | 404
 *         404: the device was deleted
 *     GET  /v1/admission?known=&wait=25 → Admission
 *         long poll: at once where `known` is not its version, else when it changes
 *     POST /v1/heartbeat                Heartbeat → 204
 *         every few seconds, and at once when it changes
 *
 * What goes into a path is percent-encoded. Errors are RFC 9457 problems: 400 with
 * `errors[].pointer` for what does not fit these types, 401 without the token, 404 for a user
 * without an account (any more), 413 above 64 kB.
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
  /** SHA-512/256 (RFC 8760). */
  sha512256: string;
}

/** A bootstrap account: the SIP identity that came with a token. */
export interface Account {
  user: string;
  realm: string;
  ha1: Ha1;
  deviceId: string;
}

/**
 * By what the SIP application tells calls that may be for help, and users that may be ours, from
 * everything else, without asking for each.
 */
export interface Admission {
  version: string;
  /**
   * Every number that is one for emergencies anywhere: which of them is one for whom,
   * `/v1/calls/route` says.
   */
  emergencyNumbers: string[];
  /** Base64, for `isAccountName`. It tells what a user may be called, and opens nothing. */
  accountNameKey: string;
}

export interface RouteQuery {
  /**
   * The user part of the From header, or of the credentials where there are any: whose call it
   * claims to be.
   */
  user: string | null;
  dialled: string;
  source: Source;
}

export type RouteAnswer =
  /**
   * Targets to try one after the other; none where nothing is configured. `mac` is null where no
   * phone has that name. `isKnown`: the call comes from where that phone registered or fetched;
   * `callerIdentity` is its site's only then.
   */
  | {
      kind: 'emergency';
      targets: string[];
      callerIdentity: CallerIdentity | null;
      mac: string | null;
      isKnown: boolean;
    }
  /**
   * Everything else goes to the authentication service; account is null for unknown or revoked
   * users.
   */
  | { kind: 'authentication'; account: Account | null };

/** A registered Contact, and for how long it is valid. */
export interface Contact {
  uri: string;
  expiresSeconds: number;
}

/** A REGISTER of an authenticated user (RFC 3261 10.3). */
export interface Registration {
  /**
   * Each with the time asked for; 0 takes it away, `*` takes all away, and none only asks what
   * there is.
   */
  contacts: Contact[] | '*';
  /** The Path header (RFC 3327): the way that requests to these contacts take. */
  path: string | null;
  source: Source;
  callId: string;
  cseq: number;
  userAgent: string | null;
}

export type Registered =
  | {
      kind: 'registered';
      /** All that the user has now, with the time that is left. */
      contacts: Contact[];
      /**
       * For the SIP application to remember: it connects this phone's emergency calls by it when
       * the internal app cannot be reached.
       */
      emergency: EmergencyPlan;
    }
  /** Nothing was changed: a contact asks for less than that. */
  | { kind: 'brief'; minSeconds: number }
  /** Nothing was changed: a newer REGISTER of the same Call-ID has been there. */
  | { kind: 'overtaken' };

export interface CallOpening {
  callId: string;
  user: string;
  /** `code`: digits that are an attempt at one where the caller is unclaimed. */
  dialled: 'service' | 'pap' | 'code' | 'other';
  source: Source;
}

/**
 * What the caller must hear first, and how to ask. Languages are tags, the first choice first; the
 * SIP application speaks the first one that it has prompts in. An unclaimed phone is asked for the
 * code of a line (4 to 12 digits) instead of a PAP; what it dialled, where that can be a code, is
 * its first entry.
 */
export type CallOpened = { languages: string[]; asks: 'pap' | 'code'; papDigits: number } & OpenedState;

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

/**
 * An emergency call. What was dialled is an emergency number to the SIP application; the internal
 * app writes it down only if it agrees.
 */
export interface EmergencyCall {
  /**
   * Of the SIP application's choice, the same in all that it reports of a call. What comes twice
   * under it is written once.
   */
  id?: string | undefined;
  user: string | null;
  dialled: string;
  source: Source;
  /** When what is reported happened (ISO 8601); now, when it is not said. */
  at?: string | undefined;
}

export interface EmergencyReport extends EmergencyCall {
  /** Which has taken the call, or failed last. */
  target: string | null;
  outcome: 'connected' | 'failed';
  status: number | null;
  /** Those that had not taken it before, in order. */
  tried?: { target: string; status: number | null; reason: string }[] | undefined;
  /** How long it took to connect, or to fail. */
  seconds?: number | undefined;
  /**
   * It stands for so many calls of callers who are not known, which are not reported one by one.
   */
  count?: number | undefined;
}

export interface EmergencyEnd extends EmergencyCall {
  target: string;
  endedBy: 'caller' | 'target';
  /** How long the two were connected. */
  seconds: number;
}

/** A phone to be asked to fetch again. */
export interface DueResync {
  /** Opaque, percent-encoded in a path as any. */
  id: string;
  /**
   * The contact that it registered here; or the address of its line at a registrar that passes the
   * request on.
   */
  contact: string;
  /** The flow of its registration; null: it has none here. */
  source: Source | null;
  /** Where the request is sent instead of where `contact` points to, as a SIP URI. */
  nextHop: string | null;
  /** The Path that the registration came by: it becomes the Route (RFC 3327 5.3). */
  path: string | null;
  event: string;
  headers: Record<string, string>;
  body: string | null;
  /**
   * Whose credentials answer a 401 or 407 (RFC 3261 22.2): the account of the
   * registration, whose HA1 the SIP application asks for; else those of the line, whose HA1 it asks
   * for by the id of the resync.
   */
  user: string;
}

export type ResyncOutcome =
  { kind: 'answered'; status: number } | { kind: 'failed'; status: number | null; reason: string };

export interface Heartbeat {
  id: string;
  sipServer: boolean;
  mediaServer: boolean;
}
