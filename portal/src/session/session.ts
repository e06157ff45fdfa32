import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { problemOf } from '../api/client.js';

export type Role = 'admin' | 'operator' | 'support' | 'auditor';

/** Who is signed in. `tenantIds` null or empty: all tenants. */
export interface Session {
  name: string;
  role: Role;
  tenantIds: string[] | null;
}

const PATH = '/api/v1/session';
/**
 * Whether this browser has signed in: a script cannot see the cookie, and a browser without one
 * need not ask (and complain in its console of the answer 401).
 */
const SIGNED_IN = 'dialgate.signed-in';
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** null: there is no session. */
export function useStoredSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: async (): Promise<Session | null> => {
      if (localStorage.getItem(SIGNED_IN) === null) return null;
      const response = await fetch(PATH);
      if (response.status === 401) {
        localStorage.removeItem(SIGNED_IN);
        return null;
      }
      if (!response.ok) throw problemOf(response.status, await bodyOf(response));
      return (await response.json()) as Session;
    },
    staleTime: Infinity,
  });
}

/** @throws ApiProblem when there is no such key, or too many were tried */
export async function signIn(key: string): Promise<void> {
  const response = await fetch(PATH, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ key }) });
  if (!response.ok) throw problemOf(response.status, await bodyOf(response));
  localStorage.setItem(SIGNED_IN, 'yes');
}

export async function signOut(): Promise<void> {
  const response = await fetch(PATH, { method: 'DELETE' });
  if (!response.ok && response.status !== 401) throw problemOf(response.status, await bodyOf(response));
  localStorage.removeItem(SIGNED_IN);
}

async function bodyOf(response: Response): Promise<unknown> {
  return response.json().catch(() => null);
}

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in; only below the shell. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('There is no session.');
  return session;
}
