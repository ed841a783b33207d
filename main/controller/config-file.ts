/** Reads the configuration and other JSON files, each mistake in a line that says where it is. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ParseError, parse } from 'jsonc-parser';
import { type Config, parseConfig } from '../contract/config.ts';
import { errorText } from '../contract/issues.ts';
import type { LanConfig } from '../contract/lan.ts';
import { err, ok, type Result } from '../core/result.ts';
import { checkHub } from './hub-address.ts';

/** What is wrong, a line each. */
export type Trouble = readonly string[];

/** A checked configuration with its paths made absolute. */
export interface LoadedConfig {
  readonly config: Config;
  readonly file: string;
  readonly dataDir: string;
  readonly siteFile: string | null;
  readonly settingsFile: string | null;
}

export function loadConfig(file: string): Result<LoadedConfig, Trouble> {
  const json = readJson(file);
  if (!json.ok) return err([json.error]);
  const config = parseConfig(json.value);
  if (!config.ok) return err(config.error.map((error) => `${file}: ${errorText(error)}`));
  const hub = checkHub(config.value.hub);
  if (!hub.ok) return err([`${file}: ${hub.error}`]);
  const folder = dirname(resolve(file));
  const { dataDir, site, settings, lan } = config.value;
  return ok({
    config: { ...config.value, lan: lan === null ? null : withFiles(lan, folder) },
    file: resolve(file),
    dataDir: resolve(folder, dataDir),
    siteFile: site === null ? null : resolve(folder, site),
    settingsFile: settings === null ? null : resolve(folder, settings),
  });
}

function withFiles(lan: LanConfig, folder: string): LanConfig {
  const { tls } = lan;
  return { ...lan, tls: tls === null ? null : { cert: resolve(folder, tls.cert), key: resolve(folder, tls.key) } };
}

/** A file's JSON, or one line that says why there is none. */
export function readJson(file: string): Result<unknown, string> {
  let text: string;
  try {
    // Files from other systems may begin with a byte order mark.
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const why = code === 'ENOENT' ? 'is not there' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    return err(`${file} ${why}: name a file that can be read`);
  }
  try {
    return ok(JSON.parse(text));
  } catch {
    return err(`${file} is not JSON: ${whereBroken(text)}`);
  }
}

/** The engine's own message would quote the text, and a bundle holds names. */
function whereBroken(text: string): string {
  const errors: ParseError[] = [];
  parse(text, errors, { allowTrailingComma: false });
  const [first] = errors;
  if (first === undefined || first.offset >= text.trimEnd().length) return 'it ends too early';
  const before = text.slice(0, first.offset).split('\n');
  return `it breaks off at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
