import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import * as z from 'zod';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const Found = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })) }),
);

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** `colours`: of a page that was looked at whole in other colours and another language. */
export type Rules = 'all' | 'colours';
const RUN_ONLY: Readonly<Record<Rules, object>> = {
  all: { type: 'tag', values: TAGS },
  colours: { type: 'rule', values: ['color-contrast', 'html-has-lang', 'html-lang-valid', 'valid-lang'] },
};

/**
 * Puts axe into a page whose clock stands. axe waits with timers: it gets real ones, since a clock that ran for it would
 * go on for as long as it takes, and the scene with it.
 */
export async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(`(({ setTimeout, clearTimeout }) => {
    ${AXE}
  })(globalThis.__pwClock.builtins)`);
}

/** What axe finds on a page into which it was put, one line each: WCAG 2.2 A and AA. */
export async function violations(page: Page, rules: Rules = 'all'): Promise<string[]> {
  // What is in order needn't be listed, and no rule of these reads style sheets.
  const options = JSON.stringify({ runOnly: RUN_ONLY[rules], resultTypes: ['violations'], preload: false });
  const found = await page.evaluate(`axe.run(document, ${options}).then(({ violations }) => violations)`);
  return Found.parse(found).flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary}`),
  );
}
