/** One page, built by Vite. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');
/** What only the demo's page may contain. */
const DEMO_ONLY = '/demo/scan';

export type PageName = 'kiosk' | 'kiosk-demo';

/** Builds one page into `outDir` (default `dist/<name>`). Throws when it can't be built or isn't what it should be. */
export async function buildPage(name: PageName, outDir: string = join(ROOT, 'dist', name)): Promise<string> {
  process.env['GENKAN_PAGE'] = name === 'kiosk-demo' ? 'demo' : 'packaged';
  process.env['GENKAN_PAGE_OUT'] = outDir;
  await build({ configFile: join(ROOT, 'build/page/vite.config.ts'), logLevel: 'warn', mode: 'production' });
  const isDemo = textOf(outDir).includes(DEMO_ONLY);
  if (isDemo !== (name === 'kiosk-demo')) {
    throw new Error(`${outDir}: the page ${isDemo ? 'has' : 'lacks'} the demo's dock; check __DEMO__ in build/page`);
  }
  return outDir;
}

function textOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:js|html|css)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}
