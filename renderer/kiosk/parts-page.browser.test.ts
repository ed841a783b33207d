// The page of parts, as the development server shows it: every part with its states is there, by day and by night, and
// nobody is shut out. The built pages don't have it.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from '../../build/e2e/kiosk/axe.ts';
import { openBrowser } from '../../build/e2e/kiosk/unit.ts';
import { ROOT } from '../../build/setup/runtime.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let server: ViteDevServer;
let browser: Browser;
beforeAll(async () => {
  const configFile = join(ROOT, 'build/page/vite.config.ts');
  server = await createServer({ configFile, logLevel: 'error', server: { port: 0, host: '127.0.0.1', hmr: false } });
  await server.listen();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test.each(['day', 'night'])('by %s', async (theme) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  await page.goto(`${server.resolvedUrls?.local[0]}parts.html?theme=${theme}`);
  await page.locator('[data-part="Said"]').waitFor();
  const parts = page.locator('.part');
  const shown = await parts.evaluateAll((sections) =>
    sections.map((section) => [section.getAttribute('data-part'), section.querySelectorAll('figure').length]),
  );
  expect(Object.fromEntries(shown)).toMatchObject({ Button: 7, FieldBox: 5, Keyboard: 5, Mark: 6, Pips: 4, Qr: 2 });
  expect(Object.fromEntries(shown)['Icon']).toBeGreaterThan(25);
  await page.evaluate(AXE);
  expect(await violations(page)).toEqual([]);
  expect(failures).toEqual([]);
  await page.close();
});

test('it is not in the built page', () => {
  expect(existsSync(join(ROOT, 'dist/kiosk/index.html'))).toBe(true);
  expect(existsSync(join(ROOT, 'dist/kiosk/parts.html'))).toBe(false);
});
