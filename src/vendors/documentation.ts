import { allVendors } from './index.js';
import { type Feature, FEATURES, type Vendor } from './vendor.js';

const FEATURE_NAMES: Record<Feature, string> = {
  keys: 'keys',
  phoneBook: 'phone book',
  voicemailNumber: 'voicemail',
  firmware: 'firmware',
  languageFile: 'language file',
  codecs: 'codecs',
  srtp: 'SRTP',
  toneCountry: 'tones',
  webInterface: 'web page',
  serverTrust: 'server trust',
  raw: 'free parameters',
};

const HEAD = `# Phones

For each family: the files its phones ask for, what its configurations do, and what is not certain.
*Unconfirmed* is what neither a manual nor a device has confirmed. This page is generated from the
descriptions of the families (\`src/vendors/<family>/index.ts\`) by \`node scripts/vendor-docs.mjs\`:
change it there.

[adding-a-vendor.md](adding-a-vendor.md) shows how to add a family, [templates.md](templates.md) how
to change the configuration of one without that.
`;

const SETTINGS_HEAD = `## What can be set

Beyond its lines, a phone has the \`settings\` of its device, its site and its tenant, in this order
of precedence ([operating.md](operating.md#settings-of-phones)). A family ignores a setting that its
phones do not support. All families write the language, the time server, the emergency numbers and
as many lines as the model has.

Each family has its own form for the time zone of a site. Where the clock of a zone follows no
lasting rule (Morocco's follows the moon), or the form of a family cannot express the rule (Poly has
a summer time of one hour only, Gigaset bases have a fixed list of zones), the configuration has the
next changes or the present offset, and a new one is due after each change: phones get it with their
next fetch, bases that do not fetch by themselves with the next resync.

An IPv6 address of a server stands in brackets within a URI and before a port, and without brackets
in a field of its own. That phones take it so is unconfirmed for all families.

A phone without lines keeps the account of its minimal configuration, on all its ports and handsets,
so that it can call for help. It shows “No line assigned”, or “No line” on a short display. It has
no warm line, no keys and no voicemail.
`;

/** The page about all families, docs/vendors.md. */
export function vendorsPage(): string {
  const families = allVendors();
  return [HEAD, SETTINGS_HEAD, settingsTable(families), ...families.map(familySection)].join('\n');
}

function settingsTable(families: readonly Vendor[]): string {
  const rows = FEATURES.map((feature) => [
    `${FEATURE_NAMES[feature]} (\`${feature}\`)`,
    ...families.map(({ description }) => (description.supports.includes(feature) ? 'yes' : '')),
  ]);
  return [
    row('', ...families.map(({ id }) => id)),
    row(...['', ...families].map(() => '---')),
    ...rows.map((cells) => row(...cells)),
    '',
  ].join('\n');
}

function familySection({ id, description }: Vendor): string {
  const facts: [string, string][] = [
    ['`vendor`', `\`${id}\``],
    ['files', description.files],
    ['format', description.format],
    ['provisioning URL', description.provisioningUrl],
    ['waits', description.waits],
    ['warm line', description.warmLine],
    ['resync', description.resync],
    ['phone’s password', description.password],
    ['unconfirmed', description.unconfirmed.join('; ')],
  ];
  const told = facts.filter(([, text]) => text !== '');
  return [
    `## ${description.title}\n`,
    row('', ''),
    row('---', '---'),
    ...told.map((cells) => row(...cells)),
    '',
  ].join('\n');
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}
