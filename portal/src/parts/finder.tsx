import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useLocation } from 'wouter';
import { answerOf, api } from '../api/client.js';
import { PAGES } from '../pages.js';
import { useSession } from '../session/session.js';
import { PARTS } from '../texts/parts.js';
import { SHELL } from '../texts/shell.js';
import { useTexts } from '../texts/texts.js';
import { readMac } from './mac.js';
import { StateBadge } from './state-badge.js';
import './finder.css';

interface Found {
  to: string;
  title: string;
  detail: string;
  badge: React.ReactNode;
}

const AT_MOST = 8;

/**
 * Finds phones, tenants and pages by what is typed; a whole MAC and Enter, as a scanner types it,
 * opens the phone.
 */
export function Finder({ onClose }: { onClose: () => void }) {
  const t = useTexts(PARTS);
  const id = useId();
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useFound(useDeferredValue(text.trim()));
  const at = Math.min(chosen, Math.max(found.length - 1, 0));

  function go(to: string) {
    onClose();
    navigate(to);
  }

  function pressed(event: React.KeyboardEvent) {
    const mac = readMac(text);
    const target = found[at];
    if (event.key === 'ArrowDown') setChosen(Math.min(at + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(at - 1, 0));
    else if (event.key === 'Enter' && mac !== null) go(`/devices/${mac}`);
    else if (event.key === 'Enter' && target !== undefined) go(target.to);
    else return;
    event.preventDefault();
  }

  return (
    <ModalOverlay
      isOpen
      isDismissable
      className="veil finder"
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Modal>
        <Dialog className="dialog" aria-label={t.find}>
          <input
            className="input"
            role="combobox"
            aria-label={t.find}
            aria-expanded={found.length > 0}
            aria-controls={id}
            aria-autocomplete="list"
            aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
            placeholder={t.findHint}
            autoFocus
            maxLength={100}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setChosen(0);
            }}
            onKeyDown={pressed}
          />
          <ul id={id} role="listbox" aria-label={t.find} className="found">
            {found.map(({ to, title, detail, badge }, index) => (
              <li
                key={to}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === at}
                onClick={() => go(to)}
              >
                <span className="two">
                  <b>{title}</b>
                  <span>{detail}</span>
                </span>
                {badge}
              </li>
            ))}
          </ul>
          {found.length === 0 && text !== '' && <p className="muted">{t.nothingFound}</p>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function useFound(text: string): Found[] {
  const t = useTexts(PARTS);
  const names = useTexts(SHELL);
  const { role } = useSession();
  const { data } = useQuery({
    queryKey: ['live', 'find', text],
    enabled: text.length > 1,
    placeholderData: (previous) => previous,
    queryFn: async () => {
      const [devices, tenants] = await Promise.all([
        answerOf(api.GET('/api/v1/devices', { params: { query: { q: text, limit: AT_MOST } } })),
        answerOf(api.GET('/api/v1/tenants', { params: { query: { limit: 100 } } })),
      ]);
      return { devices: devices.items, tenants: tenants.items };
    },
  });
  const has = (name: string) => name.toLowerCase().includes(text.toLowerCase());
  const pages = PAGES.filter(
    ({ name, may }) => name !== null && may.includes(role) && has(names[name] as string),
  );
  return [
    ...(data?.devices ?? []).map((device) => ({
      to: `/devices/${device.mac}`,
      title: device.label ?? device.mac,
      detail: [device.mac, device.model, device.lines.map((line) => line.sipUser).join(', ')]
        .filter(Boolean)
        .join(' · '),
      badge: <StateBadge device={device} />,
    })),
    ...(data?.tenants ?? [])
      .filter(({ name }) => has(name))
      .slice(0, AT_MOST)
      .map(({ id, name }) => ({ to: `/tenants/${id}`, title: name, detail: names.tenants, badge: null })),
    ...pages.map(({ path, name }) => ({
      to: path,
      title: name === null ? path : (names[name] as string),
      detail: t.pages,
      badge: null,
    })),
  ];
}
