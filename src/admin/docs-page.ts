import { z } from 'zod';
import { digest, escapeHtml } from './html.js';
import { type Operation, operation } from './operation.js';

const STYLE = 'body { margin: 0 }';

/**
 * What the viewer may do: run its own file and the worker that it searches with, and add rules to
 * style elements. The digests are those elements as it makes them: empty, and the rule of its
 * scroll bar.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src '${digest(STYLE)}' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='`,
  'img-src data:',
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The description of the port. It says nothing that is secret, so it needs no key. */
export const DOCUMENTATION_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenapi',
    tag: 'Documentation',
    summary: 'Read this description, for programs',
    may: 'anyone',
    answer: z.record(z.string(), z.unknown()),
    handle: async ({ context }) => context.openapi(),
  }),
  operation({
    method: 'get',
    path: '/docs',
    operationId: 'getDocs',
    tag: 'Documentation',
    summary: 'Read this description, for people',
    may: 'anyone',
    answer: 'text/html',
    handle: async ({ context, response }) => {
      const page = render(escapeHtml(context.linkBase));
      response.set('Content-Security-Policy', POLICY).type('html').send(page);
    },
  }),
];

/** Redoc, which `scripts/portal.mjs` puts beside the portal; it shows what its element names. */
function render(base: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Dialgate API</title>
<style>${STYLE}</style>
<redoc spec-url="${base}/openapi.json" expand-responses="200,201,202" native-scrollbars></redoc>
<noscript>The description is at <a href="${base}/openapi.json">openapi.json</a>.</noscript>
<script src="${base}/docs/redoc.js"></script>
</html>
`;
}
