import type { Logger } from 'pino';
import type { EmergencySettings } from '../domain/emergency.js';
import type { Prefix } from '../domain/prefix.js';
import type { Role, TenantScope } from '../domain/role.js';
import type { MasterKey } from '../domain/secrets.js';
import type { Clock } from '../domain/time.js';
import type { UnknownDevices } from '../domain/unknown-devices.js';
import type { Store } from '../store/store.js';

/** What the installation is set to; the same for every tenant. */
export interface Installation {
  /** What phones are told to fetch from, without a slash at the end. */
  publicUrl: string;
  /** What phones are told to register at, and the realm of their digest. */
  sip: {
    host: string;
    port: number;
    transport: 'udp' | 'tcp' | 'tls';
    /** Of UDP and TCP, whatever `transport` is. */
    plainPort: number;
    domain: string;
  };
  emergency: EmergencySettings;
  language: string;
  trustedProxies: readonly Prefix[];
  /** The header in which a trusted proxy writes whose certificate the client showed; lower case. */
  clientCertificateHeader: string | null;
  unknownDevices: UnknownDevices;
  /** Wrong guesses in an hour, from one source and in all. */
  guesses: { perSourcePerHour: number; perHour: number };
}

/** What every use case is given. */
export interface ServiceContext {
  store: Store;
  clock: Clock;
  masterKey: MasterKey;
  installation: Installation;
  log: Logger;
}

/** An administrator, and what the key of the request opens. */
export interface Caller extends Actor {
  role: Role;
  /** Nothing of other tenants may be answered, nor be told by what is. */
  scope: TenantScope;
  /** null: ADMIN_KEY. */
  keyId: string | null;
}

/** Who asked for it, and whose objects this may be about. */
export type Administrator = Actor & { scope: TenantScope };

/** Who asked for it, for the audit log. */
export interface Actor {
  /** `phone`, `system`, or the name of an API key. */
  name: string;
  address: string | null;
}
