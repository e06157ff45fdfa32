import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { ApiProblem } from '../../api/client.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { TENANTS } from './texts.js';

const Confirm = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Confirm }));

interface RemoveButtonProps {
  name: string;
  remove: (query: { cascade?: boolean; expect?: number }) => Promise<unknown>;
}

/**
 * Deletes a site or a line. Where devices have it, the number is shown and goes along as `expect`.
 */
export function RemoveButton({ name, remove }: RemoveButtonProps) {
  const t = useTexts(TENANTS);
  const parts = useTexts(PARTS);
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [dependents, setDependents] = useState(0);

  async function confirm() {
    setPending(true);
    setError(null);
    try {
      await remove(dependents === 0 ? {} : { cascade: true, expect: dependents });
      setAsked(false);
      await client.invalidateQueries({ queryKey: ['live'] });
    } catch (failure) {
      const total = failure instanceof ApiProblem ? totalOf(failure) : 0;
      if (total > 0 && total !== dependents) setDependents(total);
      else setError(failure as Error);
    } finally {
      setPending(false);
    }
  }

  return (
    <>
      <button
        className="btn sm danger"
        type="button"
        aria-label={t.deleteOf(name)}
        onClick={() => setAsked(true)}
      >
        {parts.remove}
      </button>
      <Suspense>
        {isAsked && (
          <Confirm
            title={t.deleteQuestion(name)}
            consequence={dependents === 0 ? t.deleteUnused : t.deleteUsed(dependents)}
            verb={parts.remove}
            isDanger
            isPending={isPending}
            error={error}
            onConfirm={() => void confirm()}
            onClose={() => {
              setAsked(false);
              setDependents(0);
            }}
          />
        )}
      </Suspense>
    </>
  );
}

function totalOf({ members }: ApiProblem): number {
  const dependents = members['dependents'];
  const total =
    typeof dependents === 'object' && dependents !== null && 'total' in dependents ? dependents.total : 0;
  return typeof total === 'number' ? total : 0;
}
