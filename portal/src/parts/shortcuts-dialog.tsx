import { PAGES } from '../pages.js';
import { useSession } from '../session/session.js';
import { PARTS } from '../texts/parts.js';
import { SHELL } from '../texts/shell.js';
import { useTexts } from '../texts/texts.js';
import { DialogFrame } from './dialog.js';

/** The keys of every page and of lists. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts(PARTS);
  const names = useTexts(SHELL);
  const { role } = useSession();
  const keys: [string, string][] = [
    ['/', t.keyFind],
    ['j k', t.keyMove],
    ['x', t.keySelect],
    ['Enter', t.keyOpen],
    ...PAGES.flatMap(({ letter, name, may }): [string, string][] =>
      letter === null || name === null || !may.includes(role) ? [] : [[`g ${letter}`, names[name] as string]],
    ),
    ['?', t.keyHelp],
  ];
  return (
    <DialogFrame title={t.shortcuts} onClose={onClose}>
      <dl className="facts">
        {keys.map(([key, meaning]) => (
          <div key={key} className="pair">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <div className="actions">
        <button className="btn" type="button" onClick={onClose}>
          {t.close}
        </button>
      </div>
    </DialogFrame>
  );
}
