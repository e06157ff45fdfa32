import { useRef } from 'react';
import { Menu, MenuItem, Popover } from 'react-aria-components';

interface RowMenuProps {
  /** The button of the row that was pressed. */
  trigger: HTMLElement;
  label: string;
  items: readonly { id: string; text: string }[];
  onChoose: (id: string) => void;
  onClose: () => void;
}

/** The menu of a row. A list has one for all rows, since a menu in each makes it slow. */
export function RowMenu({ trigger, label, items, onChoose, onClose }: RowMenuProps) {
  const ref = useRef<HTMLElement>(trigger);
  return (
    <Popover
      isOpen
      className="popover"
      triggerRef={ref}
      placement="bottom end"
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Menu
        aria-label={label}
        autoFocus="first"
        onClose={onClose}
        onAction={(key) => {
          onClose();
          onChoose(String(key));
        }}
      >
        {items.map(({ id, text }) => (
          <MenuItem key={id} id={id}>
            {text}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
