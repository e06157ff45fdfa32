import { notFound } from '../http/problem.js';
import { digest, escapeHtml } from './html.js';
import { operation } from './operation.js';
import { PROBLEM_TYPES, isProblemType } from './problem-types.js';

const STYLE = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  main { max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
  small { opacity: .7 }
`;

const POLICY = [
  "default-src 'none'",
  `style-src '${digest(STYLE)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What the `type` of a problem leads to. */
export const PROBLEM_PAGE = operation({
  method: 'get',
  path: '/problems/{problem}',
  operationId: 'getProblemType',
  tag: 'Documentation',
  summary: 'Explain a type of problem',
  may: 'anyone',
  answer: 'text/html',
  handle: async ({ path: { problem }, response }) => {
    if (!isProblemType(problem)) throw notFound('type of problem');
    const { status, title, description } = PROBLEM_TYPES[problem];
    response.set('Content-Security-Policy', POLICY).type('html').send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(description)}</p>
<p><small>HTTP status ${status} · type <code>${problem}</code></small></p>
</main>
</html>
`);
  },
});
