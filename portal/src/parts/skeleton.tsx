import { useEffect, useState } from 'react';

/** What is shown for less than this only flickers. */
const AFTER_MS = 300;

/** Grey lines where text will be, once that takes a while. */
export function Skeleton({ lines }: { lines: number }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return null;
  return (
    <div className="grid" aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="skeleton" />
      ))}
    </div>
  );
}

export function PageSkeleton() {
  return (
    <main aria-busy="true">
      <Skeleton lines={8} />
    </main>
  );
}
