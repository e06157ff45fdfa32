import { Activity, FileText, Globe, KeyRound, Phone, Plus, RefreshCw, TriangleAlert } from 'lucide-react';

/** The icon of an event, by the subject of its type. */
export function eventIcon(type: string): typeof Activity {
  if (/wrong|failed|blocked|refused|spent|contested|mismatch|rejected|missing/.test(type))
    return TriangleAlert;
  if (type.startsWith('call.')) return Phone;
  if (type.startsWith('config.')) return FileText;
  if (type.startsWith('resync.')) return RefreshCw;
  if (type.startsWith('network.')) return Globe;
  if (/^(?:pap|code|authentication|provisioning|key|api_key)\./.test(type)) return KeyRound;
  if (type.endsWith('.created')) return Plus;
  return Activity;
}
