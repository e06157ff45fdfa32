import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { PAGES } from '../pages.js';
import { useSession } from '../session/session.js';

/** How long after `g` the letter of a page is waited for. */
const LETTER_WITHIN_MS = 1500;

/** Whether a key goes into something that is typed in. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

/** The keys that work on every page: `/` and Ctrl-K find, `g` and a letter go, `?` shows them. */
export function useShortcuts({ find, help }: { find: () => void; help: () => void }): void {
  const [, navigate] = useLocation();
  const { role } = useSession();
  useEffect(() => {
    let goUntil = 0;
    const pressed = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
        event.preventDefault();
        find();
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role=dialog], [role=alertdialog]') !== null) return;
      const page = PAGES.find(({ letter, may }) => letter === event.key && may.includes(role));
      if (event.timeStamp < goUntil && page !== undefined) {
        navigate(page.path);
        goUntil = 0;
      } else if (event.key === 'g') goUntil = event.timeStamp + LETTER_WITHIN_MS;
      else if (event.key === '/') {
        event.preventDefault();
        find();
      } else if (event.key === '?') help();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [find, help, navigate, role]);
}
