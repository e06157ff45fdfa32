/** What an administrator's key is for. */
export const ROLES = ['admin', 'operator', 'support', 'auditor'] as const;

export type Role = (typeof ROLES)[number];
