import { createHash } from 'node:crypto';
import type { InstallationFacts } from './context.js';
import { FRONT_PAGE_SCRIPT, FRONT_PAGE_STYLE } from './front-page-assets.js';
import { operation } from './operation.js';

const POLICY = [
  "default-src 'none'",
  `style-src '${digest(FRONT_PAGE_STYLE)}'`,
  `script-src '${digest(FRONT_PAGE_SCRIPT)}'`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * What a page may have in itself, named in its policy: no other script or style has effect,
 * whatever somebody manages to write into it.
 */
export function digest(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}

/** What runs and where, for a browser. Nothing here is secret: the page opens without a key. */
export const FRONT_PAGE = operation({
  method: 'get',
  path: '/',
  operationId: 'getFrontPage',
  tag: 'Documentation',
  summary: 'Show what runs and where, to a browser',
  may: 'anyone',
  answer: 'text/html',
  handle: async ({ context, response }) => {
    response.set('Content-Security-Policy', POLICY).type('html').send(render(context.facts()));
  },
});

function render(facts: InstallationFacts): string {
  const rows: [name: string, value: string | null, note: string][] = [
    ['Provisioning', facts.provisioningUrl, 'Phones fetch their configuration here (DHCP option 66).'],
    ['SIP', facts.sip, 'Phones without proof register here, and call *89.'],
    [
      'Admin API',
      facts.adminUrl === null ? null : `${facts.adminUrl}/api/v1`,
      'REST, JSON, with an administrator key.',
    ],
    ['Database', facts.database, 'Everything that is remembered; nothing secret that can be derived.'],
    ['SIP server', facts.sipServer, 'Carries the calls of phones that prove themselves.'],
    ['Media server', facts.mediaServer, 'Speaks the prompts and hears the digits.'],
  ];
  const api = escapeHtml(`${facts.adminUrl ?? ''}/api/v1`);
  const phones = escapeHtml(facts.provisioningUrl ?? '…');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Dialgate</title>
<style>${FRONT_PAGE_STYLE}</style>
<main>
<header>
  <h1>Dialgate</h1>
  <p class="lead">A two-factor gate for phone provisioning.</p>
  <p id="readiness" role="status"><a href="/readyz">Ready?</a></p>
</header>

<h2>What runs, and where</h2>
<dl>
${rows.map(row).join('\n')}
</dl>

<h2>How a phone gets in</h2>
<ol>
  <li>It fetches its configuration and gets a minimal one. Its display says <b>Authentication needed</b>.</li>
  <li>Its user dials <kbd>*89</kbd>, or just lifts the handset, and keys in the PIN that the administrator sees in the API.</li>
  <li>After the call the phone is told to fetch again, and gets its full configuration.</li>
</ol>

<h2>First steps</h2>
<p><a href="/docs">Everything that can be asked</a></p>
<pre><code>KEY=…   <i># an administrator key: ADMIN_KEY, or what “dialgate admin-key” made</i>
api() { curl -sS -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' "${api}$@"; }
id() { grep -o '"id":"[^"]*' | head -1 | cut -c7-; }

<i># a customer whose phones each prove themselves; without “strict” the PIN of one opens its site’s network for hours</i>
TENANT=$(api /tenants -d '{"name": "Example Ltd", "policy": {"strict": true}}' | id)
LINE=$(api /tenants/$TENANT/lines -d '{"label": "201 Anna", "sipUser": "201", "password": "a-secret", "registrar": "pbx.example"}' | id)

<i># a phone, and in the answer its PIN (pap)</i>
api /devices -d '{"mac": "80:5e:c0:11:22:33", "vendor": "yealink", "tenantId": "'$TENANT'", "lines": ["'$LINE'"]}'

<i># be that phone, in the folder of Dialgate; then with the PIN</i>
npx dialgate phone --mac 80:5e:c0:11:22:33 --url ${phones}
npx dialgate phone --mac 80:5e:c0:11:22:33 --url ${phones} --pap …

<i># what has happened since, the newest first</i>
api '/events?order=desc'</code></pre>
</main>
<script>${FRONT_PAGE_SCRIPT}</script>
</html>
`;
}

function row([name, value, note]: [string, string | null, string]): string {
  const what = value === null ? '<em>not in this process</em>' : `<code>${escapeHtml(value)}</code>`;
  return `  <div><dt>${escapeHtml(name)}</dt><dd>${what}<small>${escapeHtml(note)}</small></dd></div>`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
