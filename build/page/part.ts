/** The pages as parts of `dist` that are built where they are stale. */
import { globSync } from 'node:fs';
import { ROOT } from '../setup/runtime.mjs';
import type { Part } from '../start/built.ts';
import type { PageName } from './make.ts';

const SOURCES = ['renderer', 'main/contract', 'main/core', 'build/page', 'resources/manual/images'];
/** Technicians read them on the page. */
const MANUALS = 'resources/manual/*.md';

export function pagePart(name: PageName): Part {
  const build = async (): Promise<void> => {
    const page = await import('./make.ts');
    await page.buildPage(name);
  };
  // Texts in a folder don't count for a build: these are named one by one.
  const sources = [...SOURCES, ...globSync(MANUALS, { cwd: ROOT }).sort()];
  return { name, said: 'building the page', sources, build };
}
