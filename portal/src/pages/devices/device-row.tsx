import { Ellipsis } from 'lucide-react';
import { memo } from 'react';
import { Link } from 'wouter';
import { Standing } from '../../parts/standing.js';
import { type Device, StateBadge } from '../../parts/state-badge.js';
import { When } from '../../parts/times.js';
import { VENDOR_NAMES } from '../../parts/vendors.js';
import { WayDots } from '../../parts/way.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { DEVICES } from './texts.js';

interface DeviceRowProps {
  device: Device;
  isActive: boolean;
  isSelected: boolean;
  onToggle: (mac: string) => void;
  onMenu: (device: Device, button: HTMLElement) => void;
}

/** A device in the list: two lines a cell. */
export const DeviceRow = memo(function DeviceRow(props: DeviceRowProps) {
  const { device, isActive, isSelected, onToggle, onMenu } = props;
  const t = useTexts(DEVICES);
  const parts = useTexts(PARTS);
  const name = device.label ?? device.mac;
  const numbers = device.lines.map(({ sipUser }) => sipUser).join(', ');
  const className = [isSelected ? 'selected' : '', isActive ? 'active' : ''].join(' ').trim();
  return (
    <tr className={className}>
      <td>
        <label className="tick">
          <span className="hidden">{parts.selectRow(name)}</span>
          <input type="checkbox" checked={isSelected} onChange={() => onToggle(device.mac)} />
        </label>
      </td>
      <td>
        <Link className="two" to={`/devices/${device.mac}`}>
          <b>{name}</b>
          <span className="mono">{device.mac}</span>
        </Link>
      </td>
      <td>
        <span className="two">
          <span className="ink">{`${VENDOR_NAMES[device.vendor]} ${device.model ?? ''}`}</span>
          <span>{numbers === '' ? t.noLine : numbers}</span>
        </span>
      </td>
      <td>
        <span className="two">
          <span className="ink">{device.tenantName ?? t.noTenant}</span>
          <span>{device.siteName ?? '–'}</span>
        </span>
      </td>
      <td>
        <StateBadge device={device} />
      </td>
      <td>
        <span className="two">
          <WayDots device={device} />
          <span className="standing">
            <Standing device={device} />
          </span>
        </span>
      </td>
      <td>
        <span className="two">
          <span className="ink">
            {device.lastSeenAt === null ? parts.never : <When at={device.lastSeenAt} />}
          </span>
          <span className="mono">{device.lastSeenAddress ?? '–'}</span>
        </span>
      </td>
      <td>
        <button
          className="btn quiet sm icon"
          type="button"
          aria-haspopup="menu"
          aria-label={t.actionsFor(name)}
          onClick={(event) => onMenu(device, event.currentTarget)}
        >
          <Ellipsis size={16} aria-hidden="true" />
        </button>
      </td>
    </tr>
  );
});
