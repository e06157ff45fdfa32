import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { PARTS } from '../texts/parts.js';
import { useTexts } from '../texts/texts.js';
import { useAnnounce } from './announcer.js';

const SHOWN_MS = 2000;

/** Copies a text; `what` names it for screen readers. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const t = useTexts(PARTS);
  const announce = useAnnounce();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    announce(t.copied(what));
  }
  const Icon = isCopied ? Check : Copy;
  return (
    <button className="btn quiet sm icon" type="button" aria-label={t.copy(what)} onClick={() => void copy()}>
      <Icon size={14} aria-hidden="true" />
    </button>
  );
}
