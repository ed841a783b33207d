/**
 * Bundles the programs into `dist/app`, the hub's into `dist/hub`, one file each. Packages with native parts stay outside. Several may run at once:
 * each writes beside and renames file by file, the stamp last.
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build } from 'vite';
import { type AppName, appFolder, appState, READ_ONLY } from './setup/app.mjs';
import { ROOT } from './setup/runtime.mjs';

/** File in `dist/app` → its entry. `genkan` is what is packaged; `develop` has the demo too. */
export const ENTRIES = {
  genkan: 'main/cli/genkan.ts',
  develop: 'main/cli/develop.ts',
  guard: 'main/guard/run.ts',
  paper: 'main/cli/paper.ts',
  rows: 'main/controller/rows-worker.ts',
} as const;

/** In `dist/hub`. */
export const HUB_ENTRIES = {
  hub: 'sync/hub/run.ts',
  hubctl: 'sync/hub/hubctl.ts',
  conformance: 'sync/conformance/run.ts',
} as const;

/** Never bundled: they load binaries from beside themselves. */
const NATIVE = ['better-sqlite3', 'serialport', 'node-hid', 'koffi', 'onoff'];

const DAY_MS = 86_400_000;

/** Epoch ms of the day of the build, so that a unit knows a clock that has lost its time. */
function builtOn(): number {
  const asked = Number(process.env['SOURCE_DATE_EPOCH']) * 1_000;
  const now = Number.isFinite(asked) ? asked : Date.now();
  return now - (now % DAY_MS);
}

/** Bundles one entry of `root` into `folder/NAME.js`, with a source map. Throws where the sources are wrong. */
export async function bundle(root: string, name: string, entry: string, folder: string): Promise<void> {
  await build({
    root,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'warn',
    define: { GENKAN_BUILT_AT: String(builtOn()) },
    ssr: { noExternal: true, external: NATIVE },
    build: {
      ssr: entry,
      target: 'node24',
      outDir: folder,
      emptyOutDir: false,
      sourcemap: true,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: { output: { format: 'es', codeSplitting: false, entryFileNames: `${name}.js` } },
    },
  });
}

/** Bundles the appliance's programs into `dist/app`. */
export function bundleApp(root: string = ROOT): Promise<void> {
  return bundleAll(root, 'app', ENTRIES);
}

/** Bundles the hub's programs into `dist/hub`. */
export function bundleHub(root: string = ROOT): Promise<void> {
  return bundleAll(root, 'hub', HUB_ENTRIES);
}

async function bundleAll(root: string, app: AppName, entries: Readonly<Record<string, string>>): Promise<void> {
  const state = appState(root);
  const target = appFolder(root, app);
  mkdirSync(target, { recursive: true });
  const draft = mkdtempSync(join(root, 'dist', `.${app}-`));
  try {
    for (const [name, entry] of Object.entries(entries)) await bundle(root, name, entry, draft);
    for (const file of readdirSync(draft)) renameSync(join(draft, file), join(target, file));
    writeFileSync(join(draft, 'stamp'), state);
    renameSync(join(draft, 'stamp'), join(target, 'stamp'));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST']);

if (import.meta.main) {
  try {
    await (process.argv[2] === 'hub' ? bundleHub() : bundleApp());
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isReadOnly = typeof code === 'string' && UNWRITABLE.has(code);
    if (!isReadOnly) console.error(`Genkan could not be bundled: ${stripVTControlCharacters(String(error))}`);
    process.exitCode = isReadOnly ? READ_ONLY : 1;
  }
}
