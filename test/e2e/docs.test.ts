/** /docs in a real browser. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { Service } from '../support/service.js';

const CHROMIUM = '/usr/bin/chromium';
const skip = existsSync(CHROMIUM) ? false : 'Chromium is not installed';

test(
  'the description is shown and searched in a browser, and nothing is loaded from elsewhere',
  {
    skip,
  },
  async (t) => {
    const service = await Service.start(t);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    t.after(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(120_000);
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));

    const answer = await page.goto(`${service.facts.adminUrl}/docs`);
    const policy = answer?.headers()['content-security-policy'] ?? '';
    assert.match(policy, /script-src 'self';/);
    assert.doesNotMatch(policy, /unsafe/);
    await page.getByRole('heading', { name: 'Create a tenant' }).waitFor();
    await page.getByRole('textbox').first().fill('suspend');
    await page.getByRole('search').getByText('Let a phone in without a PIN for a while').waitFor();
    await page.getByRole('search').getByText('Let a phone in without a PIN for a while').click();
    await page.getByRole('heading', { name: 'Let a phone in without a PIN for a while' }).waitFor();

    const { origin } = new URL(service.facts.adminUrl);
    const foreign = asked.filter((url) => !url.startsWith(origin) && !/^(?:data|blob):/.test(url));
    assert.deepEqual(foreign, []);
    assert.deepEqual(complaints, []);
  },
);
