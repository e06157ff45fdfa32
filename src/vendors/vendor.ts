import type { DisplayText, NO_LINE_TEXT } from '../domain/display.js';
import type { Mac } from '../domain/mac.js';
import type { CodecName } from '../domain/phone-settings.js';
import type { VendorId } from '../domain/vendor-id.js';

/**
 * The file of a request: what follows the token, or the root, in its path; decoded, without a
 * leading slash.
 */
export interface RequestedFile {
  name: string;
  query: URLSearchParams;
}

/**
 * Which document of a device a file name means. `configuration` is the one that everything is
 * decided about; `boot` only names the configuration and is the same in every state.
 */
export type DocumentRole = 'configuration' | 'boot';

/** The meaning of a file name in a family; null for a name of another family. */
export type RecognisedFile =
  | { kind: 'device'; mac: Mac; role: DocumentRole }
  /**
   * A name without a MAC, the same for all phones of a model, for which the family has a document
   * that points on (`renderCommon`). `keepsToken`: on from where the phone asks, so that it gets it
   * below its token too.
   */
  | { kind: 'common'; keepsToken?: true }
  /**
   * Any other name of this family that carries no MAC, or an optional file: 404, so that the phone
   * goes on to the next name.
   */
  | { kind: 'absent' };

/**
 * The facts in a User-Agent. It can be forged: it may decide on model and firmware, never on the
 * identity of the phone.
 */
export interface UserAgentFacts {
  model: string | null;
  firmware: string | null;
  mac: Mac | null;
}

/** What both configurations have in common. */
export interface CommonView {
  mac: Mac;
  model: string | null;
  /** Where the phone fetches from now on; carries its token and ends with a slash. */
  provisioningUrl: string;
  /**
   * How often the phone is to fetch again by itself, in seconds; a family whose phones cannot do
   * that uses their shortest interval.
   */
  refreshSeconds: number;
  /** A language tag such as `de`. */
  language: string;
  /** An IANA zone such as `Europe/Berlin`; null leaves the phone's own. */
  timezone: string | null;
  /**
   * The present time: for a zone whose clock follows no lasting rule, a family writes its next
   * changes, or its present offset.
   */
  at: Date;
  /** Host name or address of the time server. */
  ntpServer: string;
  emergencyNumbers: readonly string[];
  /**
   * Free parameters that the full configuration sets (`FullView.raw`), or once did: by name only.
   * Those that a document does not set it has to clear.
   */
  rawNames: readonly string[];
  /** The password of the phone's own menu and web page; another one in each configuration. */
  phonePassword: string;
}

/**
 * What a phone without lines has: the account that reaches the authentication service and emergency
 * numbers, and the text on the display.
 */
export interface ServiceView {
  displayText: DisplayText | typeof NO_LINE_TEXT;
  /** The number of the authentication service. */
  serviceNumber: string;
  account: {
    user: string;
    password: string;
    host: string;
    port: number;
    transport: 'udp' | 'tcp' | 'tls';
    /** Of UDP and TCP, whatever `transport` is: for phones that do not speak TLS. */
    plainPort: number;
  };
}

/**
 * What the minimal configuration, of a phone that has not authenticated, is made from. It has no
 * field for anything that is secret in the full configuration.
 */
export interface MinimalView extends CommonView, ServiceView {}

export interface LineView {
  label: string;
  displayName: string;
  sipUser: string;
  authUser: string;
  password: string;
  host: string;
  /** null leaves it to the phone (DNS, or the default of the transport). */
  port: number | null;
  outboundProxy: { host: string; port: number | null } | null;
  transport: 'udp' | 'tcp' | 'tls';
}

/**
 * What a key beside the lines' own does: watches and calls a number (busy lamp field, RFC 4235), or
 * just calls it.
 */
export interface KeyView {
  kind: 'blf' | 'speed-dial';
  label: string;
  value: string;
  /** The line it belongs to; the first is 1. */
  line: number;
}

/**
 * What the full configuration, of a phone that has authenticated, is made from. A family leaves out
 * what its phones do not support.
 */
export interface FullView extends CommonView {
  /**
   * In the order of the keys; the first is the phone's own. A phone is given as many as its model
   * has room for.
   */
  lines: readonly LineView[];
  /**
   * What a phone without lines has in their place, since it must be able to call for help; null for
   * a phone with lines.
   */
  service: ServiceView | null;
  /** After the keys of the lines. */
  keys: readonly KeyView[];
  phoneBook: { name: string; url: string } | null;
  /** What the phone dials for messages. */
  voicemailNumber: string | null;
  /** Where its firmware is; null leaves it the one it has. */
  firmwareUrl: string | null;
  /** Where the file of its display language is; null leaves it those it has. */
  languageUrl: string | null;
  /** In the order of preference. */
  codecs: readonly CodecName[];
  /**
   * null: where the signalling that carries its keys is encrypted, and only if the other side takes
   * it.
   */
  srtp: 'off' | 'optional' | 'required' | null;
  /** ISO 3166-1 alpha-2, for the tones; null leaves the phone's own. */
  toneCountry: string | null;
  webInterface: boolean;
  /**
   * Whether the phone accepts only servers whose certificate it can verify, and where it finds an
   * authority beyond its own; null: as the factory has it.
   */
  serverTrust: { verify: boolean | null; caUrl: string | null };
  /**
   * Parameters in the family's own names, as an operator set them; none of those that the family
   * owns.
   */
  raw: ReadonlyMap<string, string>;
}

/** What a family writes a document from; only the full configuration has `lines`. */
export type ConfigurationView = MinimalView | FullView;

/**
 * A document as it goes out. Byte-stable: the same view gives the same bytes, for phones compare
 * digests.
 */
export interface RenderedDocument {
  contentType: string;
  body: string;
}

/** How a phone of this family is asked by SIP to fetch again (NOTIFY outside a dialog). */
export interface ResyncRequest {
  event: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/** What can be set of a phone beyond its lines (names of `FullView`). */
export const FEATURES = [
  'keys',
  'phoneBook',
  'voicemailNumber',
  'firmware',
  'languageFile',
  'codecs',
  'srtp',
  'toneCountry',
  'webInterface',
  'serverTrust',
  'raw',
] as const;
export type Feature = (typeof FEATURES)[number];

/** All features but these, which the phones of a family do not have. */
export function featuresBut(...missing: Feature[]): Feature[] {
  return FEATURES.filter((feature) => !missing.includes(feature));
}

/** What operators should know of a family; docs/vendors.md is made from it. */
export interface FamilyDescription {
  /** Its heading: the family and its series. */
  title: string;
  files: string;
  format: string;
  /**
   * Which parameter carries the provisioning URL with the token, and what is switched off so that
   * nothing replaces it at the next boot.
   */
  provisioningUrl: string;
  /** How it comes to fetch its full configuration when no NOTIFY reaches it. */
  waits: string;
  warmLine: string;
  resync: string;
  password: string;
  supports: readonly Feature[];
  /** What neither a manual nor a device has confirmed. */
  unconfirmed: readonly string[];
}

/**
 * A vendor family. One folder each; none imports another. Nearly all formats merge: a parameter
 * that is absent keeps its old value. So each family has one list of the parameters it owns, and
 * both of its documents write all of them.
 */
export interface Vendor {
  id: VendorId;
  recogniseFile(file: RequestedFile): RecognisedFile | null;
  recogniseUserAgent(userAgent: string): UserAgentFacts | null;
  renderMinimal(view: MinimalView): RenderedDocument;
  renderFull(view: FullView): RenderedDocument;
  /** The document of role `boot`; null for a family that has none. */
  renderBoot: ((mac: Mac) => RenderedDocument) | null;
  /**
   * The document of a `common` file: where to ask next, and nothing else. `publicUrl` has no token
   * and no slash at its end.
   */
  renderCommon: ((file: RequestedFile, publicUrl: string) => RenderedDocument) | null;
  /**
   * Why a free parameter cannot be set (`settings.raw`), in words: it is no name of this format, or
   * one that the gate owns; null when it can.
   */
  rawFault(name: string, model: string | null): string | null;
  description: FamilyDescription;
  resync: ResyncRequest;
}
