import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Schemas } from '../api/client.js';

export type ApiEvent = Schemas['Event'];

/** Whether the stream of events is there, and when it last was. */
export interface Live {
  isThere: boolean;
  lastNews: Date;
}

const LiveContext = createContext<Live>({ isThere: true, lastNews: new Date() });

export function useLive(): Live {
  return useContext(LiveContext);
}

/**
 * Events come in bursts, as of a site that comes back: lists are read anew once a second at most.
 */
const AT_MOST_EVERY_MS = 1000;
/**
 * A phone that fetches or registers need not write an event: what is shown is read anew this often.
 */
const READ_ANEW_MS = 4000;

/**
 * Keeps what is on the screen true: follows the events of the API, and marks all that was read
 * before as stale. Without the stream it reads anew every few seconds, so nothing old is shown as
 * new.
 */
export function LiveUpdates({ isSignedIn, children }: { isSignedIn: boolean; children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>({ isThere: true, lastNews: new Date() });

  useEffect(() => {
    if (!isSignedIn) return;
    const stale = throttled(() => void readAnew(client));
    const source = new EventSource('/api/v1/events');
    source.addEventListener('open', () => {
      setLive({ isThere: true, lastNews: new Date() });
      stale();
    });
    source.addEventListener('error', () => setLive((was) => ({ ...was, isThere: false })));
    source.addEventListener('message', () => {
      setLive((was) => (was.isThere ? was : { isThere: true, lastNews: new Date() }));
      stale();
    });
    const beat = setInterval(() => {
      if (document.visibilityState === 'visible') stale();
    }, READ_ANEW_MS);
    return () => {
      source.close();
      clearInterval(beat);
    };
  }, [client, isSignedIn]);

  return <LiveContext value={live}>{children}</LiveContext>;
}

async function readAnew(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'live' });
}

function throttled(act: () => void): () => void {
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  return () => {
    if (timer !== null) return;
    const wait = Math.max(0, last + AT_MOST_EVERY_MS - Date.now());
    timer = setTimeout(() => {
      timer = null;
      last = Date.now();
      act();
    }, wait);
  };
}
