/** USB sticks and the like: where they are mounted, and which of their files a unit can take. Bounded, nothing is followed. */
import { accessSync, closeSync, constants, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Tree } from '../../../device/discovery/tree.ts';
import type { MediaFile } from '../../contract/technician.ts';

export interface Medium {
  readonly path: string;
  readonly writable: boolean;
}

const ROOTS = ['/media/', '/run/media/', '/mnt/'];
const MOST_MEDIA = 20;
const MOST_FILES = 200;
/** Entries looked at, so that a stick with a million files keeps nobody waiting. */
const MOST_ENTRIES = 5_000;
const DEEPEST = 3;
/** Enough to see what a document calls itself. */
const HEAD_BYTES = 4_096;

/** As /proc/mounts writes a blank: `\040`. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

export function listMedia(tree: Tree): readonly Medium[] {
  const lines = tree.text('/proc/mounts')?.split('\n') ?? [];
  const paths = lines.map((line) => unescaped(line.split(' ')[1] ?? ''));
  const media = paths.filter((path) => path === '/mnt' || ROOTS.some((root) => path.startsWith(root)));
  return [...new Set(media)].slice(0, MOST_MEDIA).map((path) => ({ path, writable: isWritable(tree.at(path)) }));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** JSON files, the newest first. */
export function listFiles(tree: Tree, media: readonly Medium[]): readonly MediaFile[] {
  const budget = { entries: MOST_ENTRIES };
  const files = media.flatMap(({ path }) => filesIn(tree, path, path, budget, 1));
  return files.sort((a, b) => b.modifiedAt - a.modifiedAt).slice(0, MOST_FILES);
}

function filesIn(tree: Tree, medium: string, folder: string, budget: { entries: number }, depth: number): MediaFile[] {
  return entriesOf(tree.at(folder)).flatMap(({ name, isFolder, isFile }): MediaFile[] => {
    budget.entries -= 1;
    if (budget.entries < 0 || name.startsWith('.')) return [];
    const path = join(folder, name);
    if (isFolder) return depth < DEEPEST ? filesIn(tree, medium, path, budget, depth + 1) : [];
    if (!isFile || !/\.json$/i.test(name)) return [];
    const found = lstatSync(tree.at(path), { throwIfNoEntry: false });
    if (found === undefined) return [];
    const { size: bytes, mtimeMs } = found;
    const modifiedAt = Math.max(0, Math.round(mtimeMs));
    return [{ path, name, medium, ...labelOf(headOf(tree.at(path))), bytes, modifiedAt }];
  });
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly isFile: boolean;
}

/** A stick that is pulled out while it is looked at has no files. */
function entriesOf(folder: string): readonly Entry[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .map((entry) => ({ name: basename(entry.name), isFolder: entry.isDirectory(), isFile: entry.isFile() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function headOf(file: string): string {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(HEAD_BYTES);
      return bytes.subarray(0, readSync(fd, bytes)).toString('utf8');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

const FORMATS: Readonly<Record<string, MediaFile['kind']>> = {
  'genkan-site/1': 'site',
  'genkan-settings/1': 'settings',
  'genkan-signed/1': 'signed',
  'genkan-unit/1': 'unit',
};

/**
 * What a document calls itself, by its beginning; one that is sealed, what it says is inside. A configuration has no format;
 * it names its data folder.
 */
export function labelOf(head: string): Pick<MediaFile, 'kind' | 'sealed'> {
  const named = (key: string) => new RegExp(`"${key}"\\s*:\\s*"([^"]{1,40})"`).exec(head)?.[1];
  const format = named('format');
  if (format === 'genkan-sealed/1') return { kind: FORMATS[named('holds') ?? ''] ?? 'other', sealed: true };
  if (format !== undefined) return { kind: FORMATS[format] ?? 'other', sealed: false };
  return { kind: /"dataDir"\s*:/.test(head) ? 'config' : 'other', sealed: false };
}
