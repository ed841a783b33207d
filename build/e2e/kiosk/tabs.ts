/**
 * Tabs in which the page is loaded anew, test after test. A load where the page has been before takes a third of the
 * processor's time: its files and letters are at hand. Of what was there nothing is left: its document and its session go,
 * and the page keeps nothing in the browser.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface Tab {
  readonly page: Page;
  /** The unit's address: another's is another site to the browser. */
  readonly url: string;
  /** How often the page was loaded in it. */
  readonly loads: number;
}

export interface TabSetup {
  readonly room: { readonly width: number; readonly height: number };
  readonly motion: NonNullable<BrowserContextOptions['reducedMotion']>;
  /** In a browser that was never here. */
  readonly isFirst: boolean;
}

/** What a test did to a tab's clock is done again in each document after it: that adds up. */
const MOST_LOADS = 12;

const free = new WeakMap<Browser, Tab[]>();

const freeIn = (browser: Browser): readonly Tab[] =>
  (free.get(browser) ?? []).filter(({ page, loads }) => !page.isClosed() && loads < MOST_LOADS);

export async function takeTab(browser: Browser, url: string, { room, motion, isFirst }: TabSetup): Promise<Tab> {
  const tabs = freeIn(browser);
  const tab = isFirst ? undefined : tabs.find((one) => one.url === url);
  if (tab === undefined) {
    const context = await browser.newContext({ viewport: room, reducedMotion: motion });
    return { page: await context.newPage(), url, loads: 1 };
  }
  free.set(
    browser,
    tabs.filter((one) => one !== tab),
  );
  const { page, loads } = tab;
  await page.context().clearCookies();
  await page.setViewportSize(room);
  await page.emulateMedia({ reducedMotion: motion });
  await page.mouse.move(0, 0);
  // A stopped clock would stand in the next document too.
  await page.clock.resume();
  return { page, url, loads: loads + 1 };
}

/** What a browser complained of in it is nobody's from now on. */
export async function leaveTab(browser: Browser, tab: Tab): Promise<void> {
  const { page, loads } = tab;
  for (const event of ['console', 'pageerror', 'request'] as const) page.removeAllListeners(event);
  if (loads >= MOST_LOADS || !browser.isConnected()) return page.context().close();
  free.set(browser, [...freeIn(browser), tab]);
}
