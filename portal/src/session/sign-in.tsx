import { type FormEvent, useId, useRef, useState } from 'react';
import { ApiProblem } from '../api/client.js';
import { Mark } from '../parts/mark.js';
import { SIGN_IN } from '../texts/shell.js';
import { useTexts } from '../texts/texts.js';
import { signIn } from './session.js';

/** Asks for an administrator key; `ended` says why, over a page whose session has ended. */
export function SignIn({ ended, onSignedIn }: { ended: boolean; onSignedIn: () => void }) {
  const t = useTexts(SIGN_IN);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState('');
  const [isPending, setPending] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setPending(true);
    setWrong('');
    try {
      await signIn(input.current?.value.trim() ?? '');
      onSignedIn();
    } catch (error) {
      setWrong(error instanceof ApiProblem ? error.detail : String(error));
      input.current?.select();
    } finally {
      setPending(false);
    }
  }

  return (
    <form className="sign-in" onSubmit={(event) => void submit(event)} aria-labelledby={`${id}-title`}>
      <div className="row">
        <Mark />
        <h1 id={`${id}-title`}>{ended ? t.title : 'Dialgate'}</h1>
      </div>
      {ended && <p className="muted">{t.ended}</p>}
      <div className="field">
        <label htmlFor={id}>{t.key}</label>
        <input
          ref={input}
          id={id}
          className="input"
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          maxLength={500}
          aria-describedby={`${id}-hint`}
          aria-invalid={wrong !== ''}
        />
        <div role="alert" className="wrong">
          {wrong}
        </div>
        <div id={`${id}-hint`} className="hint">
          {t.hint}
        </div>
      </div>
      <button className="btn primary" type="submit" disabled={isPending}>
        {t.signIn}
      </button>
    </form>
  );
}
