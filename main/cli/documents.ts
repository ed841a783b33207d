/** `genkan import` and `genkan export`. */
import { writeFileSync } from 'node:fs';
import { SystemClock } from '../../device/clock/system.ts';
import { loadConfig, readJson } from '../controller/config-file.ts';
import { askController } from '../controller/control.ts';
import { importDocument } from '../controller/import.ts';
import { takeLock } from '../controller/lock-file.ts';
import { ok, type Result } from '../core/result.ts';
import { type Asked, newPassphrase, opened } from '../seal/asking.ts';
import { seal } from '../seal/sealed.ts';
import { dataFiles, openStore, prepareDataDir } from '../store/data-dir.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';

/** Where a sealed file's passphrase comes from. */
export interface PassphraseFrom {
  readonly asked: Asked;
  /** null: it is asked for. */
  readonly file: string | null;
}

/** Takes a document in; through the controller while one runs. */
export async function importCommand(
  console: Console,
  configFile: string,
  file: string,
  from: PassphraseFrom,
): Promise<ExitCode> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) return fail(console, loaded.error);
  const read = readJson(file);
  if (!read.ok) return fail(console, [read.error]);
  const document = await opened(from.asked, read.value, from.file);
  if (!document.ok) return fail(console, [`${file}: ${document.error}`]);
  const files = prepareDataDir(loaded.value.dataDir);
  if (!files.ok) return fail(console, [files.error.detail]);
  const giveBack = takeLock(files.value.lock);
  if (giveBack === null) {
    const answer = await askController(files.value.control, { do: 'import', document: document.value });
    if (!answer.ok) return fail(console, [answer.error]);
    return finish(console, file, answer.value.ok, answer.value.lines);
  }
  const store = openStore(loaded.value.dataDir, 'write');
  if (!store.ok) return fail(console, [store.error.detail]);
  const taken = importDocument(store.value, document.value, new SystemClock().wall());
  store.value.close();
  giveBack();
  return finish(console, file, taken.ok, taken.ok ? [taken.value] : taken.error);
}

function finish(console: Console, file: string, done: boolean, lines: readonly string[]): ExitCode {
  if (!done)
    return fail(
      console,
      lines.map((line) => `${file}: ${line}`),
    );
  console.out(`${lines.join('\n')}\n`);
  return EXIT.done;
}

/** Writes the bundle to `file`, or to standard output. @param by what seals it; null: it is plain */
export async function exportCommand(
  console: Console,
  configFile: string,
  file: string | null,
  by: PassphraseFrom | null,
): Promise<ExitCode> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) return fail(console, loaded.error);
  const store = openStore(loaded.value.dataDir, 'read');
  if (!store.ok) return fail(console, [store.error.detail]);
  const bundle = store.value.exportSite();
  store.value.close();
  if (bundle === null)
    return fail(console, [`${dataFiles(loaded.value.dataDir).database} has no site yet: import one first`]);
  const text = by === null ? ok(`${JSON.stringify(bundle, null, 1)}\n`) : await sealedText(bundle, by);
  if (!text.ok) return fail(console, [text.error]);
  if (file === null) {
    console.out(text.value);
    return EXIT.done;
  }
  return write(console, file, text.value);
}

async function sealedText(document: { readonly format: string }, by: PassphraseFrom): Promise<Result<string, string>> {
  const passphrase = await newPassphrase(by.asked, by.file);
  return passphrase.ok ? ok(`${JSON.stringify(await seal(document, passphrase.value))}\n`) : passphrase;
}

/** Writes what the hub doesn't have of the record, for it alone to read; it stays in the outbox until the hub has it. */
export function exportEventsCommand(console: Console, configFile: string, file: string): ExitCode {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) return fail(console, loaded.error);
  const store = openStore(loaded.value.dataDir, 'read');
  if (!store.ok) return fail(console, [store.error.detail]);
  const clock = new SystemClock();
  const replica = store.value.replica(() => clock.mono());
  const isPaired = replica.pairing() !== null;
  const sealed = replica.exportEvents();
  store.value.close();
  if (!isPaired) return fail(console, ['this unit is paired with no hub: pair it first']);
  if (sealed !== null) return write(console, file, `${JSON.stringify(sealed)}\n`);
  console.out('the hub has all events: nothing was written\n');
  return EXIT.done;
}

function write(console: Console, file: string, text: string): ExitCode {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return fail(console, [`${file} cannot be written (${code}): name another file`]);
  }
  return EXIT.done;
}
