import { LogOut, Menu, Search } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useQueryClient } from '@tanstack/react-query';
import { useLive } from './live/live.js';
import { useNavigationCounts } from './navigation-counts.js';
import { PAGES } from './pages.js';
import { Mark } from './parts/mark.js';
import { useShortcuts } from './parts/shortcuts.js';
import { shortTime } from './parts/times.js';
import { signOut, useSession } from './session/session.js';
import { SHELL } from './texts/shell.js';
import { type Language, number, useLanguage, useTexts } from './texts/texts.js';

const Finder = lazy(async () => ({ default: (await import('./parts/finder.js')).Finder }));
const Shortcuts = lazy(async () => ({
  default: (await import('./parts/shortcuts-dialog.js')).ShortcutsDialog,
}));

/** The frame of every page: navigation, search, who is signed in, and whether news come in. */
export function Shell({
  onLanguage,
  children,
}: {
  onLanguage: (language: Language) => void;
  children: ReactNode;
}) {
  const t = useTexts(SHELL);
  const language = useLanguage();
  const client = useQueryClient();
  const session = useSession();
  const [location] = useLocation();
  const [openMenuAt, setOpenMenuAt] = useState<string | null>(null);
  const [open, setOpen] = useState<'finder' | 'shortcuts' | null>(null);
  useShortcuts({ find: () => setOpen('finder'), help: () => setOpen('shortcuts') });

  async function leave() {
    await signOut();
    client.setQueryData(['session'], null);
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  }

  return (
    <div className="shell">
      <nav className={openMenuAt === location ? 'side open' : 'side'} id="navigation" aria-label={t.main}>
        <div className="brand">
          <Mark />
          Dialgate
        </div>
        <NavigationLinks />
        <div className="grow" />
        <div className="foot">
          <button className="link" type="button" onClick={() => onLanguage(language === 'en' ? 'de' : 'en')}>
            <span lang={language === 'en' ? 'de' : 'en'}>{t.language}</span>
          </button>
          <br />
          {t.timesIn(Intl.DateTimeFormat().resolvedOptions().timeZone)}
        </div>
      </nav>
      <div>
        <header className="top">
          <button
            className="btn quiet sm menu-button"
            type="button"
            aria-label={t.menu}
            aria-expanded={openMenuAt === location}
            aria-controls="navigation"
            onClick={() => setOpenMenuAt(openMenuAt === location ? null : location)}
          >
            <Menu size={16} />
          </button>
          {session.role !== 'auditor' && (
            <button className="search" type="button" onClick={() => setOpen('finder')}>
              <Search size={16} aria-hidden="true" />
              <span>{t.search}</span>
              <kbd>/</kbd>
            </button>
          )}
          <LiveDot />
          <span className="who">
            {session.name} · {t.role(session.role)}
          </span>
          <button className="btn quiet sm sign-out" type="button" onClick={() => void leave()}>
            <LogOut size={14} aria-hidden="true" />
            <span>{t.signOut}</span>
          </button>
        </header>
        <main id="page">{children}</main>
      </div>
      <Suspense>
        {open === 'finder' && <Finder onClose={() => setOpen(null)} />}
        {open === 'shortcuts' && <Shortcuts onClose={() => setOpen(null)} />}
      </Suspense>
    </div>
  );
}

function NavigationLinks() {
  const t = useTexts(SHELL);
  const language = useLanguage();
  const { role } = useSession();
  const [location] = useLocation();
  const counts = useNavigationCounts();
  return PAGES.filter(({ name, may }) => name !== null && may.includes(role)).map(
    ({ path, name, icon: Icon }) => {
      if (name === null) return null;
      const isHere = path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
      const count = counts[name] ?? 0;
      return (
        <Link
          key={path}
          to={path}
          className={name === 'overview' || name === 'installation' ? 'nav hot' : 'nav'}
          aria-current={isHere ? 'page' : undefined}
        >
          <Icon size={16} aria-hidden="true" />
          {t[name] as string}
          {count > 0 && <b aria-hidden="true">{number(language, count)}</b>}
        </Link>
      );
    },
  );
}

function LiveDot() {
  const t = useTexts(SHELL);
  const language = useLanguage();
  const { isThere, lastNews } = useLive();
  const said = isThere ? t.live : t.reconnecting(shortTime(language, lastNews, new Date()));
  return (
    <div className={isThere ? 'live' : 'live away'} title={said}>
      <i />
      <span>{said}</span>
    </div>
  );
}
