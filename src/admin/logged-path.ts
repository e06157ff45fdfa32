/**
 * The path of a request as it may be logged: without its query, and without what could be a secret.
 * A phone that is pointed at this port by mistake brings its token in the path, and people paste
 * keys where they do not belong; neither ids nor MAC addresses have as many letters and digits in a
 * row as those.
 */
export function loggedPath(url: string): string {
  return url
    .replace(/[?#].*$/s, '')
    .slice(0, 200)
    .replaceAll(/[A-Za-z0-9_]{20,}/g, '***');
}
