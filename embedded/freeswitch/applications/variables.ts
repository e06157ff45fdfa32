import { assignVariable } from '../channel-variables.js';
import type { Channel } from '../channel.js';

/** `<name>=<value>` */
function assign(channel: Channel, assignment: string): void {
  const equals = assignment.indexOf('=');
  if (equals < 1) return;
  assignVariable(channel.variables, assignment.slice(0, equals).trim(), assignment.slice(equals + 1));
}

/** `set <name>=<value>` */
export function set(channel: Channel, data: string): undefined {
  assign(channel, data);
}

/**
 * `multiset <name>=<value> …`, or with another separator: `multiset
 * ^^<separator><name>=<value><separator>…`
 */
export function multiset(channel: Channel, data: string): undefined {
  const separated = data.startsWith('^^') && data.length > 2;
  const assignments = separated ? data.slice(3).split(data.charAt(2)) : data.split(' ');
  for (const assignment of assignments) assign(channel, assignment);
}

/** `unset <name>` */
export function unset(channel: Channel, data: string): undefined {
  channel.variables.delete(data.trim());
}
