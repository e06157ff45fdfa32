/** The portal in a real browser, on a running service. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  Visitor,
  launchBrowser,
  scrollsSideways,
  seriousFindings,
  withoutChromium,
} from '../support/browser.js';
import { Service } from '../support/service.js';

const MAC = '80:5e:c0:11:22:33';
const OTHER = '00:04:13:11:22:44';
/** What a first load may weigh, compressed. */
const BUDGET_BYTES = 150_000;
const PAGES = (
  `/ /devices /devices/${MAC} /roll-out /unknown-phones /tenants /networks ` +
  '/audit /keys /installation /nothing'
).split(' ');

describe('the portal', { skip: withoutChromium }, () => {
  let service: Service;
  let browser: Browser;
  let tenantId: string;
  let open: Visitor[] = [];

  before(async () => {
    service = await Service.launch();
    browser = await launchBrowser();
    tenantId = (await service.api.need('POST', '/tenants', { name: 'Kramer & Sohn' })).id;
    for (const [mac, label, vendor] of [
      [MAC, 'Reception', 'yealink'],
      [OTHER, 'Größere Übungsräume im Dachgeschoss Süd', 'snom'],
    ])
      await service.api.need('POST', '/devices', { mac, label, vendor, tenantId });
  });
  after(async () => {
    await browser.close();
    await service.kill();
  });
  afterEach(async () => {
    for (const { complaints, foreign, context } of open) {
      assert.deepEqual(complaints, []);
      assert.deepEqual(foreign, []);
      await context.close();
    }
    open = [];
  });

  async function visit(path: string, looks = {}): Promise<Visitor> {
    const visitor = await Visitor.open(browser, service.facts.adminUrl, looks);
    open.push(visitor);
    await visitor.go(path);
    return visitor;
  }

  async function signedIn(path: string, looks = {}, key = service.adminKey): Promise<Visitor> {
    const visitor = await visit(path, looks);
    await visitor.signIn(key);
    return visitor;
  }

  it('opens with a key, refuses another aloud, and ends the session with Sign out', async () => {
    const visitor = await visit('/');
    const { page, context } = visitor;
    await page.getByLabel('Administrator key').fill('dg_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor();
    await visitor.signIn(service.adminKey);
    const navigation = page.getByRole('navigation', { name: 'Main' });
    const names = 'Overview,Devices,Unknown phones,Tenants,Networks,Audit log,Keys,Installation';
    for (const name of names.split(',')) await navigation.getByRole('link', { name, exact: true }).waitFor();
    const cookies = await context.cookies();
    assert.deepEqual(
      cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite })),
      [{ name: 'dialgate_session', httpOnly: true, sameSite: 'Strict' }],
    );
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Administrator key').waitFor();
    const cookie = `dialgate_session=${cookies[0]?.value ?? ''}`;
    const again = await fetch(`${service.facts.adminUrl}/api/v1/devices`, { headers: { cookie } });
    assert.equal(again.status, 401);
  });

  it('forbids inline scripts and styles, and weighs little at first', async () => {
    const { page } = await signedIn('/devices');
    await page.getByRole('link', { name: 'Reception' }).waitFor();
    let bytes = 0;
    page.on('response', (answer) => {
      if (/\.(?:js|css)$|\/devices$/.test(answer.url()) && !answer.url().includes('/api/'))
        bytes += Number(answer.headers()['content-length'] ?? 0);
    });
    const answer = await page.reload();
    const policy = answer?.headers()['content-security-policy'] ?? '';
    assert.match(policy, /script-src 'self'(?:;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:/);
    await page.getByRole('link', { name: 'Reception' }).waitFor();
    assert.ok(bytes > 10_000 && bytes <= BUDGET_BYTES, `${bytes} bytes`);
  });

  it('keeps search, selection and way back of the list in the address', async () => {
    const { page } = await signedIn('/devices');
    await page.getByRole('searchbox').fill('1122-44');
    await page.waitForURL(/q=/);
    await page.getByRole('link', { name: 'Reception' }).waitFor({ state: 'detached' });
    await page.getByLabel(/^Select Größere/).click({ force: true });
    await page.waitForURL(/selected=/);
    await page.reload();
    await page.getByText('1 phone selected').waitFor();
    await page.getByRole('link', { name: /Größere/ }).click();
    await page.waitForURL(new RegExp(`/devices/${OTHER}$`));
    await page.goBack();
    await page.getByText('1 phone selected').waitFor();
    assert.equal(await page.getByRole('searchbox').inputValue(), '1122-44');
    // A scanner types a MAC and Enter, with the focus nowhere.
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.type('805EC0112233\n');
    await page.waitForURL(new RegExp(`/devices/${MAC}$`));
  });

  it('reveals a PIN when asked, and shows the new one after a reset', async () => {
    const { page } = await signedIn(`/devices/${MAC}`);
    const revealed = (): Promise<{ items: unknown[] }> =>
      service.api.need('GET', `/events?type=pap.revealed&mac=${MAC}`);
    const seen = (await revealed()).items.length;
    await page.getByRole('heading', { name: 'Reception' }).waitFor();
    assert.doesNotMatch(await page.content(), />\d{3}</);
    await page.getByRole('button', { name: 'Reveal PIN' }).click();
    const pin = page.locator('.pin');
    await pin
      .getByText(/^\d{3}$/)
      .first()
      .waitFor();
    const first = await pin.textContent();
    assert.equal((await revealed()).items.length, seen + 1);
    assert.equal((await service.api.need('GET', `/devices/${MAC}?reveal=pap`)).pap, first);
    await page.getByRole('button', { name: /^Hide/ }).click();
    await page.getByRole('button', { name: 'Reveal PIN' }).waitFor();

    const reset = page.getByRole('button', { name: 'Reset Authentication' });
    await reset.click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('Emergency calls go on working').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('button:focus', { hasText: 'Reset Authentication' }).waitFor();
    await reset.click();
    await dialog.getByRole('button', { name: 'Reset Authentication' }).click();
    await pin
      .getByText(/^\d{3}$/)
      .first()
      .waitFor();
    assert.notEqual(await pin.textContent(), first);
  });

  it('shows in one browser what is changed in another', async () => {
    const watching = await signedIn('/devices');
    const acting = await signedIn(`/devices/${OTHER}`);
    await watching.page.getByRole('link', { name: /Größere/ }).waitFor();
    await acting.page.getByRole('button', { name: 'Suspend Authentication' }).click();
    const dialog = acting.page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Suspend Authentication' }).click();
    await watching.page.getByRole('row', { name: /Größere.*suspended/ }).waitFor();
    await acting.page.getByRole('button', { name: 'End the suspension' }).waitFor();
    await service.api.need('PATCH', `/devices/${OTHER}`, { label: 'Attic' });
    await watching.page.getByRole('link', { name: 'Attic' }).waitFor();
    await acting.page.getByRole('heading', { name: 'Attic' }).waitFor();
  });

  it('asks for the key in place when the session ends, and keeps what was typed', async () => {
    const { page, context } = await signedIn('/devices');
    await page.getByRole('button', { name: 'Add device' }).click();
    await page.getByLabel('MAC address').fill('805ec0112299');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByLabel('Administrator key').fill(service.adminKey);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Administrator key').waitFor({ state: 'detached' });
    assert.equal(await page.getByLabel('MAC address').inputValue(), '805ec0112299');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('shown this once').waitFor();
  });

  it('shows each role what it may do', async () => {
    const keyOf = async (role: string): Promise<string> =>
      (await service.api.need('POST', '/api-keys', { name: `A ${role}`, role })).key;
    const support = await signedIn(`/devices/${MAC}`, {}, await keyOf('support'));
    await support.page.getByRole('button', { name: 'Suspend Authentication' }).waitFor();
    await support.page.getByRole('button', { name: 'Resync' }).waitFor();
    for (const name of ['Reveal PIN', 'Reset Authentication', 'Authorize provisioning'])
      assert.equal(await support.page.getByRole('button', { name }).count(), 0, name);
    const auditor = await signedIn('/', {}, await keyOf('auditor'));
    await auditor.page.getByRole('link', { name: 'Audit log' }).waitFor();
    assert.equal(await auditor.page.getByRole('link', { name: 'Devices' }).count(), 0);
  });

  it('speaks German to a German browser', async () => {
    const { page } = await visit('/', { locale: 'de-DE' });
    await page.getByLabel('Administratorschlüssel').fill(service.adminKey);
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByRole('link', { name: 'Unbekannte Telefone' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  });

  for (const [how, looks] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 360, height: 740 } }],
  ] as const)
    it(`has no serious finding of axe-core on any page (${how})`, async () => {
      const { page } = await signedIn('/', looks);
      // Colours are the same on all pages: in the dark some of them show each.
      for (const path of how === 'dark' ? PAGES.slice(0, 4) : PAGES) {
        await page.goto(`${service.facts.adminUrl}${path}`);
        await page.locator('h1, h2').first().waitFor();
        await page.locator('.skeleton').first().waitFor({ state: 'detached' });
        assert.deepEqual(await seriousFindings(page), [], path);
        assert.equal(await scrollsSideways(page), false, path);
      }
    });
});
