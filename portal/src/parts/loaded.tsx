import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/client.js';
import { PARTS } from '../texts/parts.js';
import { useTexts } from '../texts/texts.js';
import { Empty } from './empty.js';
import { Skeleton } from './skeleton.js';

/** What a query found, or why it found nothing, with a way to try again. */
export function Loaded<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  const t = useTexts(PARTS);
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Skeleton lines={5} />;
  return (
    <div role="alert">
      <Empty
        title={t.failedToLoad}
        hint={query.error instanceof ApiProblem ? query.error.detail : t.noConnection}
      >
        <button className="btn" type="button" onClick={() => void query.refetch()}>
          {t.retry}
        </button>
      </Empty>
    </div>
  );
}
