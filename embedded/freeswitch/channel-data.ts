import { SAMPLE_RATE } from '../../telephony/media/format.js';
import type { Channel } from './channel.js';
import type { EslEvent } from './events.js';

/** Events that carry the channel's variables. */
const WITH_VARIABLES: ReadonlySet<string> = new Set([
  'CHANNEL_DATA',
  'CHANNEL_ANSWER',
  'CHANNEL_EXECUTE',
  'CHANNEL_EXECUTE_COMPLETE',
  'CHANNEL_HANGUP',
  'PLAYBACK_START',
  'PLAYBACK_STOP',
]);

/** What an event of that name says about its channel. */
export function describeChannel(channel: Channel, eventName: string): EslEvent {
  const { ready, codec, uuid, cause } = channel;
  const headers: Record<string, string> = {
    'Channel-State': ready ? 'CS_EXECUTE' : 'CS_HANGUP',
    'Channel-Call-State': ready ? 'ACTIVE' : 'HANGUP',
    'Channel-State-Number': ready ? '4' : '10',
    'Channel-Name': channel.variables.get('channel_name') ?? '',
    'Unique-ID': uuid,
    'Call-Direction': 'inbound',
    'Presence-Call-Direction': 'inbound',
    'Channel-HIT-Dialplan': 'true',
    'Channel-Call-UUID': uuid,
    'Answer-State': ready ? 'answered' : 'hangup',
    'Channel-Read-Codec-Name': codec,
    'Channel-Read-Codec-Rate': `${SAMPLE_RATE}`,
    'Channel-Write-Codec-Name': codec,
    'Channel-Write-Codec-Rate': `${SAMPLE_RATE}`,
    'Caller-Direction': 'inbound',
    'Caller-Unique-ID': uuid,
    'Caller-Context': 'mrf',
  };
  if (cause !== undefined) headers['Hangup-Cause'] = cause;
  if (WITH_VARIABLES.has(eventName)) {
    for (const [name, value] of channel.variables) headers[`variable_${name}`] = value;
  }
  return headers;
}

/** More than any client sets; what would go beyond is not set. */
const MAX_VARIABLES = 500;

/** Sets a variable as a client asks; an empty value unsets. */
export function assignVariable(variables: Map<string, string>, name: string, value: string): void {
  if (value === '') variables.delete(name);
  else if (variables.has(name) || variables.size < MAX_VARIABLES) variables.set(name, value);
}
