/**
 * Packs the shell with electron-builder, from a fresh bundle; it downloads Electron and its own tools where they aren't
 * there. As a program: `node build/shell/pack.ts [ARGUMENTS OF electron-builder]`, from the repository's folder.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { bundleShell } from './bundle.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

/** @param folder where the bundle goes, below the repository @param args electron-builder's. Throws when it fails. */
export async function packShell(folder: string, args: readonly string[]): Promise<void> {
  await bundleShell(folder);
  const program = require.resolve('electron-builder/cli.js');
  const all = [program, '--projectDir', folder, '--config', join(ROOT, 'electron-builder.yml'), ...args];
  const child = spawn(process.execPath, all, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  const code = await new Promise<number | null>((settle, fail) => {
    child.once('error', fail);
    child.once('exit', settle);
  });
  if (code !== 0) throw new Error(`electron-builder ended with ${code}: what it wrote above says why`);
}

if (import.meta.main) await packShell(join(ROOT, 'dist/shell'), process.argv.slice(2));
