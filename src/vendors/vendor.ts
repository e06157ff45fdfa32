import type { DisplayText } from '../domain/display.js';
import type { Mac } from '../domain/mac.js';
import type { VendorId } from '../domain/vendor-id.js';

/** The file of a request: what follows the token, or the root, in its path; decoded, without a leading slash. */
export interface RequestedFile {
  name: string;
  query: URLSearchParams;
}

/**
 * Which document of a device a file name means. `configuration` is the one that everything is decided about; `boot` only names the
 * configuration and is the same in every state.
 */
export type DocumentRole = 'configuration' | 'boot';

/** What a family makes of a file name. null where it is none of this family's names. */
export type RecognisedFile =
  | { kind: 'device'; mac: Mac; role: DocumentRole }
  /** A name of this family that carries no MAC, or an optional file: 404, so that the phone goes on to the next name. */
  | { kind: 'absent' };

/** What a User-Agent tells. It can be forged: good for the model and the firmware, never for who it is. */
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
  /** How often the phone is to fetch again by itself, in seconds; a family that cannot do it as fast does it as fast as it can. */
  refreshSeconds: number;
  /** A language tag such as `de`. */
  language: string;
  /** An IANA zone such as `Europe/Berlin`; null leaves the phone's own. */
  timezone: string | null;
  /** Host name or address of the time server. */
  ntpServer: string;
  emergencyNumbers: readonly string[];
  /** The password of the phone's own menu and web page; another one in each configuration. */
  phonePassword: string;
}

/** What a phone without proof gets. It is made from this alone, and this has no field for anything that the full configuration keeps secret. */
export interface MinimalView extends CommonView {
  displayText: DisplayText;
  /** The number of the authentication service, for the warm line. */
  serviceNumber: string;
  account: {
    user: string;
    password: string;
    host: string;
    port: number;
    transport: 'udp' | 'tcp';
  };
}

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

/** What a proved phone gets. */
export interface FullView extends CommonView {
  /** In the order of the keys; the first is the phone's own. A phone is given as many as its model has room for. */
  lines: readonly LineView[];
}

/** A document as it goes out. Byte-stable: the same view gives the same bytes, for phones compare digests. */
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

/**
 * A vendor family. One folder each; none imports another. Nearly all formats merge: a parameter that is absent keeps its old value. So
 * each family has one list of the parameters it owns, and both of its documents write all of them.
 */
export interface Vendor {
  id: VendorId;
  recogniseFile(file: RequestedFile): RecognisedFile | null;
  recogniseUserAgent(userAgent: string): UserAgentFacts | null;
  renderMinimal(view: MinimalView): RenderedDocument;
  renderFull(view: FullView): RenderedDocument;
  /** The document of role `boot`; null for a family that has none. */
  renderBoot: ((mac: Mac) => RenderedDocument) | null;
  resync: ResyncRequest;
}
