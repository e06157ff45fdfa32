/** Which of several settings counts for a phone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsView } from '../../../src/configuration/settings-view.js';
import { MASKED_SECRETS } from '../../../src/configuration/view-secrets.js';
import { effectiveSettings, type PhoneSettings } from '../../../src/domain/phone-settings.js';

const T46U = {
  publicUrl: 'https://p.example',
  vendor: 'yealink',
  model: 'T46U',
  secrets: MASKED_SECRETS,
} as const;

function firmwareOf(...layers: PhoneSettings[]): string | null {
  return settingsView(effectiveSettings(...layers), layers, T46U).firmwareUrl;
}

test('the file that a site has for a family comes before the one that its tenant has for the model', () => {
  const tenant: PhoneSettings = { firmware: { 'yealink/T46U': 'tenant-T46U.rom', snom: 'tenant.bin' } };
  const site: PhoneSettings = { firmware: { yealink: 'site.rom' } };
  assert.equal(firmwareOf({}, site, tenant), 'https://p.example/files/yealink/site.rom');
  assert.equal(firmwareOf({}, {}, tenant), 'https://p.example/files/yealink/tenant-T46U.rom');
  assert.equal(
    firmwareOf({ firmware: 'device.rom' }, site, tenant),
    'https://p.example/files/yealink/device.rom',
  );
  assert.equal(
    firmwareOf({}, { firmware: { snom: 'site.bin' } }, tenant),
    'https://p.example/files/yealink/tenant-T46U.rom',
    'a site that says nothing of the family leaves it to its tenant',
  );
});
