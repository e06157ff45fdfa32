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

What each family asks for, what it is given, and what is not certain. *Unconfirmed* is what no
manual and no device has told us. This page is made from what the families say of themselves
(\`src/vendors/<family>/index.ts\`) by \`node scripts/vendor-docs.mjs\`: change it there.

[adding-a-vendor.md](adding-a-vendor.md) shows how a family is added, [templates.md](templates.md)
how the configuration of one is changed without that.
`;

const SETTINGS_HEAD = `## What can be set

Beyond its lines, a phone has what \`settings\` of its device, its site or its tenant say, in this
order ([operating.md](operating.md#settings-of-phones)). A family that does not know a setting
passes over it. The language, the time server, the emergency numbers and as many lines as the model
has are written for all.

The zone of a site is written in each family's own way. Where its clock follows no lasting rule
(Morocco's follows the moon), or a family cannot say the rule (Poly knows no summer time but of an
hour, Gigaset bases a fixed list of zones), the configuration has the next changes or the present
offset, and is another one after each change: phones get it with their next fetch, bases that do not
fetch by themselves with the next resync.

An IPv6 address of a server stands in brackets within a URI and before a port, and without them in a
field of its own; that a family takes it so there is unconfirmed for all of them.

A phone without lines keeps the account of its minimal configuration, on all its ports and handsets,
so that it can call for help. It shows “No line assigned”, or “No line” where a display is short; it
has no warm line, and of the settings neither keys nor voicemail.
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
