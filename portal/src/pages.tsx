import {
  Building,
  CircleHelp,
  Globe,
  House,
  KeyRound,
  Phone,
  ScrollText,
  Settings2,
  Upload,
} from 'lucide-react';
import { type ComponentType, lazy } from 'react';
import type { Role } from './session/session.js';
import type { SHELL } from './texts/shell.js';

/** A page: where it is, what the navigation calls it, and which roles have it. */
export interface Page {
  /** As wouter matches it. */
  path: string;
  /** Its name in the navigation; null: it is reached from another page. */
  name: keyof (typeof SHELL)['en'] | null;
  icon: typeof House;
  may: readonly Role[];
  /** `g` and this letter go there. */
  letter: string | null;
  component: ComponentType;
}

const READERS = ['admin', 'operator', 'support'] as const;
const EDITORS = ['admin', 'operator'] as const;

/**
 * All pages, in the order of the navigation. Each is a chunk of its own, loaded when it is opened.
 */
export const PAGES: readonly Page[] = [
  {
    path: '/',
    name: 'overview',
    icon: House,
    may: READERS,
    letter: 'o',
    component: lazy(async () => ({ default: (await import('./pages/overview/overview.js')).Overview })),
  },
  {
    path: '/devices',
    name: 'devices',
    icon: Phone,
    may: READERS,
    letter: 'd',
    component: lazy(async () => ({ default: (await import('./pages/devices/devices.js')).Devices })),
  },
  {
    path: '/devices/:mac',
    name: null,
    icon: Phone,
    may: READERS,
    letter: null,
    component: lazy(async () => ({ default: (await import('./pages/device/device.js')).DevicePage })),
  },
  {
    path: '/roll-out',
    name: 'rollOut',
    icon: Upload,
    may: EDITORS,
    letter: 'r',
    component: lazy(async () => ({ default: (await import('./pages/roll-out/roll-out.js')).RollOut })),
  },
  {
    path: '/unknown-phones',
    name: 'unknown',
    icon: CircleHelp,
    may: EDITORS,
    letter: 'u',
    component: lazy(async () => ({ default: (await import('./pages/unknown/unknown.js')).UnknownPhones })),
  },
  {
    path: '/tenants',
    name: 'tenants',
    icon: Building,
    may: READERS,
    letter: 't',
    component: lazy(async () => ({ default: (await import('./pages/tenants/tenants.js')).Tenants })),
  },
  {
    path: '/tenants/:id',
    name: null,
    icon: Building,
    may: READERS,
    letter: null,
    component: lazy(async () => ({ default: (await import('./pages/tenants/tenant.js')).TenantPage })),
  },
  {
    path: '/networks',
    name: 'networks',
    icon: Globe,
    may: READERS,
    letter: 'n',
    component: lazy(async () => ({ default: (await import('./pages/networks/networks.js')).Networks })),
  },
  {
    path: '/audit',
    name: 'audit',
    icon: ScrollText,
    may: ['admin', 'operator', 'auditor'],
    letter: 'a',
    component: lazy(async () => ({ default: (await import('./pages/audit/audit.js')).AuditLog })),
  },
  {
    path: '/keys',
    name: 'keys',
    icon: KeyRound,
    may: ['admin'],
    letter: 'k',
    component: lazy(async () => ({ default: (await import('./pages/keys/keys.js')).Keys })),
  },
  {
    path: '/installation',
    name: 'installation',
    icon: Settings2,
    may: ['admin'],
    letter: 'i',
    component: lazy(async () => ({
      default: (await import('./pages/installation/installation.js')).InstallationPage,
    })),
  },
];
