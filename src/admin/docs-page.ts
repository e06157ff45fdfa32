import { z } from 'zod';
import { digest, escapeHtml } from './html.js';
import { PAGE_STYLE } from './page-style.js';
import type { Json } from './json-schema.js';
import { type Operation, operation } from './operation.js';

const STYLE = `${PAGE_STYLE}
  details { border-bottom: 1px solid var(--line); padding: .5rem 0 }
  summary { cursor: pointer; overflow-wrap: anywhere }
`;

const POLICY = [
  "default-src 'none'",
  `style-src '${digest(STYLE)}'`,
  'img-src data:',
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
    handle: async ({ context }) => context.openapi,
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
      response.set('Content-Security-Policy', POLICY).type('html').send(render(context.openapi));
    },
  }),
];

/** One page that loads nothing. */
function render({ paths, components }: Json): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Dialgate API</title>
<style>${STYLE}</style>
<main>
<header>
  <h1>Dialgate API</h1>
  <p class="lead">JSON, with <code>Authorization: Bearer …</code> and an administrator key. What is wrong is answered as an RFC 9457 problem.
  For programs: <a href="/openapi.json">openapi.json</a>.</p>
</header>
${Object.entries(paths as Record<string, Json>)
  .map(section)
  .join('\n')}
<h2>What is answered</h2>
${Object.entries((components as Record<string, Json>)['schemas'] ?? {})
  .map(answerSection)
  .join('\n')}
</main>
</html>
`;
}

function section([path, methods]: [string, Json]): string {
  return Object.entries(methods)
    .map(([method, described]) => {
      const { summary } = described as { summary: string };
      return `<details><summary><kbd>${method.toUpperCase()}</kbd> <code>${escapeHtml(path)}</code><small>${escapeHtml(summary)}</small></summary>
<pre>${escapeHtml(JSON.stringify(described, null, 2))}</pre></details>`;
    })
    .join('\n');
}

function answerSection([name, described]: [string, unknown]): string {
  return `<details id="${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code></summary>
<pre>${escapeHtml(JSON.stringify(described, null, 2))}</pre></details>`;
}
