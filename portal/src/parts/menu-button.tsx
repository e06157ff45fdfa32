import type { ReactNode } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

interface MenuButtonProps {
  label: ReactNode;
  name?: string;
  className?: string;
  items: readonly { id: string; text: string }[];
  onChoose: (id: string) => void;
}

/** A button that opens a menu. */
export function MenuButton({ label, name, className = 'btn', items, onChoose }: MenuButtonProps) {
  return (
    <MenuTrigger>
      <Button className={className} {...(name !== undefined && { 'aria-label': name })}>
        {label}
      </Button>
      <Popover className="popover">
        <Menu onAction={(key) => onChoose(String(key))}>
          {items.map(({ id, text }) => (
            <MenuItem key={id} id={id}>
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
