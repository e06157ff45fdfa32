/** Debian's Chromium on the portal, and what it complains of. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
/** For tests: why they cannot run, or false. */
export const withoutChromium: string | false = existsSync(CHROMIUM) ? false : 'Chromium is not installed';

/** A loaded machine is slow, not broken. */
const PATIENCE_MS = 60_000;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

type Looks = NonNullable<Parameters<Browser['newContext']>[0]>;

/** A browser of its own (cookies, storage) on an origin, with one page. */
export class Visitor {
  /** Errors in the console and violations of the CSP, but not that the API refused something. */
  readonly complaints: string[] = [];
  /** Requests for other hosts. */
  readonly foreign: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly origin: string,
  ) {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) this.foreign.push(request.url());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      const isRefusal = /the server responded with a status of 4\d\d/.test(message.text());
      if (message.type() === 'error' && !isRefusal) this.complaints.push(message.text());
    });
  }

  static async open(browser: Browser, origin: string, looks: Looks = {}): Promise<Visitor> {
    const context = await browser.newContext({ locale: 'en-GB', ...looks });
    return new Visitor(context, await context.newPage(), origin);
  }

  async go(path: string): Promise<void> {
    await this.page.goto(`${this.origin}${path}`);
  }

  /** Signs in as a person does, and waits for the page. */
  async signIn(key: string): Promise<void> {
    await this.page.getByLabel('Administrator key').fill(key);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('button', { name: 'Sign out' }).waitFor();
  }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds serious or critical on a page, each with the element. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // As a text to be evaluated: a script element is what the CSP refuses.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

interface AxeResults {
  violations: { id: string; impact: string | null; nodes: { html: string }[] }[];
}

/** Whether the page can be scrolled sideways. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > innerWidth') as Promise<boolean>;
}
