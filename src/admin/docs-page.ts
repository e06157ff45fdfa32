import type { RequestHandler } from 'express';
import { digest, escapeHtml } from './front-page.js';
import { FRONT_PAGE_STYLE } from './front-page-assets.js';
import { ANSWERS } from './answers.js';
import { describeAnswers } from './json-schema.js';
import { describeOperation, openapiDocument } from './openapi.js';
import { OPERATIONS, type Operation } from './openapi-operations.js';

const STYLE = `${FRONT_PAGE_STYLE}
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

/** The description of the API for programs. It says nothing that is secret, so it needs no key. */
export function describeApi(): RequestHandler {
  const document = openapiDocument();
  return (_request, response) => {
    response.json(document);
  };
}

/** The same for people: one page that loads nothing. */
export function docsPage(): RequestHandler {
  const page = render();
  return (_request, response) => {
    response.set('Content-Security-Policy', POLICY).type('html').send(page);
  };
}

function render(): string {
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
${OPERATIONS.map(section).join('\n')}
<h2>What is answered</h2>
${Object.entries(describeAnswers(ANSWERS)).map(answerSection).join('\n')}
</main>
</html>
`;
}

const METHODS = { get: 'GET', post: 'POST', patch: 'PATCH', delete: 'DELETE' } as const;

function section(operation: Operation): string {
  const { method, path, summary } = operation;
  const described = JSON.stringify(describeOperation(operation), null, 2);
  return `<details><summary><kbd>${METHODS[method]}</kbd> <code>${escapeHtml(path)}</code><small>${escapeHtml(summary)}</small></summary>
<pre>${escapeHtml(described)}</pre></details>`;
}

function answerSection([name, described]: [string, unknown]): string {
  return `<details id="${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code></summary>
<pre>${escapeHtml(JSON.stringify(described, null, 2))}</pre></details>`;
}
