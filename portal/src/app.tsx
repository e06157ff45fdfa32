import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { Route, Switch } from 'wouter';
import { onSessionEnd } from './api/client.js';
import { LiveUpdates } from './live/live.js';
import { PAGES, type Page } from './pages.js';
import { Announcer } from './parts/announcer.js';
import { Empty } from './parts/empty.js';
import { PageSkeleton } from './parts/skeleton.js';
import { SessionContext, useSession, useStoredSession } from './session/session.js';
import { SignIn } from './session/sign-in.js';
import { Shell } from './shell.js';
import { SHELL } from './texts/shell.js';
import { LanguageContext, initialLanguage, keepLanguage, type Language, useTexts } from './texts/texts.js';

const SignInAgain = lazy(async () => ({ default: (await import('./session/sign-in-again.js')).SignInAgain }));

/** Everything below the root: the language, the session, and the page that the address names. */
export function App() {
  const [language, setLanguage] = useState(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choose = (chosen: Language) => {
    keepLanguage(chosen);
    setLanguage(chosen);
  };
  return (
    <LanguageContext value={language}>
      <SignedIn onLanguage={choose} />
    </LanguageContext>
  );
}

function SignedIn({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const client = useQueryClient();
  const stored = useStoredSession();
  const [hasEnded, setEnded] = useState(false);
  useEffect(() => onSessionEnd(() => setEnded(true)), []);

  const signedIn = useCallback(async () => {
    // Not reset: what is on the page, and typed into it, stays.
    await client.refetchQueries({ queryKey: ['session'] });
    setEnded(false);
    await client.invalidateQueries();
  }, [client]);

  if (stored.isPending) return <PageSkeleton />;
  const session = stored.data ?? null;
  if (session === null) return <SignIn ended={false} onSignedIn={() => void signedIn()} />;
  return (
    <SessionContext value={session}>
      <Announcer>
        <LiveUpdates isSignedIn={!hasEnded}>
          <Shell onLanguage={onLanguage}>
            <Pages />
          </Shell>
        </LiveUpdates>
        {hasEnded && (
          <Suspense>
            <SignInAgain onSignedIn={() => void signedIn()} />
          </Suspense>
        )}
      </Announcer>
    </SessionContext>
  );
}

function Pages() {
  const t = useTexts(SHELL);
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Switch>
        {PAGES.map((page) => (
          <Route key={page.path} path={page.path}>
            <Allowed page={page} />
          </Route>
        ))}
        <Route>
          <Empty title={t.notFound} hint={t.notFoundHint} link={{ to: '/', text: t.toOverview }} />
        </Route>
      </Switch>
    </Suspense>
  );
}

function Allowed({ page: { may, component: Component, path } }: { page: Page }) {
  const { role } = useSession();
  const t = useTexts(SHELL);
  // An auditor has no overview: the audit log is the first page of that role.
  const home = PAGES.find((page) => page.name !== null && page.may.includes(role));
  if (path === '/' && !may.includes(role) && home !== undefined) return <home.component />;
  if (!may.includes(role)) return <Empty title={t.forbidden} hint={t.forbiddenHint} />;
  return <Component />;
}
