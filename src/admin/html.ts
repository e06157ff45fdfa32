import { createHash } from 'node:crypto';

/**
 * What a page may have in itself, named in its policy: no other script or style has effect,
 * whatever may be written into it.
 */
export function digest(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
