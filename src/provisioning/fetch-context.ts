import type { OwnTemplates } from '../configuration/own-templates.js';
import type { ViewSecrets } from '../configuration/view-secrets.js';
import type { ClientAddress } from '../domain/client-address.js';
import type { ServiceContext } from '../services/context.js';
import type { FetchLookups } from '../services/fetch/fetch-lookups.js';
import type { FetchNotes } from '../services/fetch/fetch-notes.js';
import type { IgnoredForwarding } from '../services/fetch/ignored-forwarding.js';
import type { UnknownDevices } from '../services/unknown/unknown-devices.js';
import type { RenderedDocuments } from './rendered-documents.js';
import type { Throttle, UnprovenThrottle } from './throttle.js';

/** A request as plain data. */
export interface FetchRequest {
  method: string;
  /** The request target as it came. */
  target: string;
  userAgent: string | null;
  ifNoneMatch: string | null;
  /** Of the client certificate that a trusted proxy has checked; null when there is none. */
  certificateSubject: string | null;
  client: ClientAddress;
}

/** What the provisioning port works with, made once at its start. */
export interface FetchContext extends ServiceContext {
  lookups: FetchLookups;
  documents: RenderedDocuments;
  notes: FetchNotes;
  forwarding: IgnoredForwarding;
  secrets: ViewSecrets;
  templates: OwnTemplates;
  unknown: UnknownDevices;
  throttle: Throttle;
  unprovenThrottle: UnprovenThrottle;
  /** The path of the public URL, without a slash at the end. */
  publicPath: string;
}
