/** Members before a real unit, on whatever panel and in whatever language: what the tests of them share. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { violations } from '../../build/e2e/kiosk/axe.ts';
import { atTextSizes, type Room } from '../../build/e2e/kiosk/stand.ts';
import { ROOT } from '../../build/setup/runtime.mjs';
import { LANGUAGE_NAMES, type Language } from '../locale/texts.ts';
import { misfits } from './test-fits.ts';
import { strangers } from './test-words.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ARTEFACTS = join(ROOT, 'artefacts', 'everywhere');

/** What a site calls things by, of which nothing is translated. @param file a bundle */
export function namesIn(file: string): string[] {
  const names: string[] = [];
  JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) => {
    if ((key === 'name' || key === 'kana') && typeof value === 'string') names.push(value);
    return value;
  });
  // A longer one first: another may be a part of it.
  return [...new Set(names)].sort((a, b) => b.length - a.length);
}

/** A panel with somebody before it. */
export class Panel implements AsyncDisposable {
  readonly page: Page;
  readonly #room: Room;
  /** What stands in no language: the site's names, what somebody types. */
  readonly #known: readonly string[];
  #language: Language = 'ja';
  readonly #spoken = new Set<Language>();
  /** What was said first on each screen, a language each. */
  readonly #heads = new Map<string, Set<string | null>>();

  private constructor(page: Page, room: Room, known: readonly string[]) {
    this.page = page;
    this.#room = room;
    this.#known = known;
  }

  static async open(browser: Browser, url: string, room: Room, known: readonly string[]): Promise<Panel> {
    mkdirSync(ARTEFACTS, { recursive: true });
    const context = await browser.newContext({ viewport: room, hasTouch: true, reducedMotion: 'reduce' });
    await context.clock.install();
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${url}?dock=closed`);
    const panel = new Panel(page, room, known);
    await panel.waits();
    await page.evaluate(AXE);
    return panel;
  }

  async speak(language: Language): Promise<void> {
    await this.page.getByRole('button', { name: LANGUAGE_NAMES[language], exact: true }).tap();
    await this.page.locator(`html[lang="${language}"]`).waitFor();
    this.#language = language;
    this.#spoken.add(language);
  }

  async waits(): Promise<void> {
    await this.page.locator('body[data-screen="waiting"]:not([data-visit]) .call').waitFor();
  }

  /** Looks at the screen that stands as somebody does who needs all of it; `of` names it, and the picture of what is wrong. */
  async look(of: string): Promise<void> {
    const { page } = this;
    const { width, height } = this.#room;
    const language = this.#language;
    await page.evaluate('document.fonts.ready.then(() => null)');
    const head = await page.locator('h1').first().textContent();
    this.#heads.set(of, (this.#heads.get(of) ?? new Set()).add(head));
    const lang = await page.evaluate(() => document.documentElement.lang);
    const wrong = [
      ...(lang === language ? [] : [`the page says it is in ${lang}`]),
      ...(await atTextSizes(page, [200, 100], misfits)),
      ...(await page.evaluate(strangers, { language, known: this.#known })),
      ...(await violations(page)),
    ];
    // A picture takes as long as a look.
    if (wrong.length > 0) await page.screenshot({ path: join(ARTEFACTS, `${of}-${language}-${width}x${height}.png`) });
    expect(wrong, `${of} in ${language}`).toEqual([]);
  }

  /** Nobody was told in another's words. */
  expectOwnWords(): void {
    for (const [screen, said] of this.#heads) expect(said.size, screen).toBe(this.#spoken.size);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.page.context().close();
  }
}
