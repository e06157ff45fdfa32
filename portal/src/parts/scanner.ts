import { useEffect } from 'react';
import { readMac } from './mac.js';
import { isTyping } from './shortcuts.js';

/** A barcode scanner types faster than a person does. */
const NEXT_KEY_WITHIN_MS = 120;

/** Takes a MAC and Enter, as a barcode scanner types them, wherever the focus is but in a field. */
export function useScannedMac(found: (mac: string) => void): void {
  useEffect(() => {
    let typed = '';
    let last = 0;
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.timeStamp - last > NEXT_KEY_WITHIN_MS) typed = '';
      last = event.timeStamp;
      const mac = event.key === 'Enter' ? readMac(typed) : null;
      if (mac !== null) {
        event.preventDefault();
        event.stopImmediatePropagation();
        found(mac);
      } else if (/^[0-9a-f:.-]$/i.test(event.key)) typed = `${typed}${event.key}`.slice(-20);
    };
    // Before the keys of the list, which open its row on Enter.
    document.addEventListener('keydown', pressed, { capture: true });
    return () => document.removeEventListener('keydown', pressed, { capture: true });
  }, [found]);
}
