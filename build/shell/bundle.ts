/**
 * Bundles the shell into a folder of three files that Electron starts as it is and electron-builder packs: `main.js` and
 * `preload.js` (CommonJS, a file each: a sandboxed preload can load nothing) and `package.json`.
 * As a program: `node build/shell/bundle.ts [FOLDER]`, by default `dist/shell`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'vite';
import * as z from 'zod/mini';

const ROOT = resolve(import.meta.dirname, '../..');
/** Electron's own Node; its types come with those of Node 24. */
const TARGET = 'node24';

const Package = z.object({
  version: z.string(),
  description: z.string(),
  license: z.string(),
  devDependencies: z.object({ electron: z.string() }),
});

/** Writes the three files; others in the folder stay. */
export async function bundleShell(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await bundle(join(ROOT, 'main/shell/main.ts'), join(folder, 'main.js'));
  await bundle(join(ROOT, 'main/shell/preload.ts'), join(folder, 'preload.js'));
  const root = Package.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  const { version, description, license } = root;
  // electron-builder looks here for the version to pack.
  const devDependencies = { electron: root.devDependencies.electron };
  const app = {
    name: 'genkan-shell',
    version,
    description,
    license,
    type: 'commonjs',
    main: 'main.js',
    devDependencies,
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(app, null, 2)}\n`);
}

async function bundle(entry: string, file: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: true,
      target: TARGET,
      minify: false,
      outDir: dirname(file),
      emptyOutDir: false,
      rolldownOptions: {
        input: entry,
        output: { format: 'cjs', entryFileNames: basename(file), codeSplitting: false },
      },
    },
  });
}

if (import.meta.main) await bundleShell(resolve(process.argv[2] ?? join(ROOT, 'dist/shell')));
