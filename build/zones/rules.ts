/** The import table applied: pure functions from files to complaints, one line each. */
import { isCode, isTest, lineOf, type Source } from '../check/source.ts';
import { importsOf, type Target, targetOf } from './imports.ts';
import { MAX_FOLDERS, ROOMS, ROOT_FILES, type Room, TOOLS, WITHOUT_CODE } from './table.ts';

/** Benches and the soak use what the tests use, and nothing of this room ships. */
const TOOLS_ROOM = 'build/';

/** The room of a file, or null where none is laid down. */
export function roomOf(path: string): Room | null {
  const fitting = ROOMS.filter((room) => path.startsWith(room.path));
  return fitting.sort((a, b) => b.path.length - a.path.length)[0] ?? null;
}

/** Whether every file has its place. */
export function placeComplaints(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const folders = path.split('/').length - 1;
    if (folders > MAX_FOLDERS) return [`${path}: deeper than two folders below the top level`];
    if (path.startsWith('.')) return [];
    if (folders === 0)
      return ROOT_FILES.includes(path) ? [] : [`${path}: no file of the root folder (build/zones/table.ts)`];
    if (WITHOUT_CODE.some((folder) => path.startsWith(folder)))
      return isCode(path) ? [`${path}: no code in this folder`] : [];
    // What configures a group of rooms may stand above them: renderer/tsconfig.json.
    if (!isCode(path) && ROOMS.some((room) => room.path.startsWith(`${path.split('/')[0]}/`))) return [];
    return roomOf(path) === null ? [`${path}: belongs to no room (build/zones/table.ts)`] : [];
  });
}

/** Whether a file imports only what its room may. `declared`: the packages of package.json. */
export function importComplaints(source: Source, declared: ReadonlySet<string>): string[] {
  const room = roomOf(source.path);
  if (room === null) return [];
  return importsOf(source).flatMap(({ specifier, isType, offset }) => {
    const where = `${source.path}:${lineOf(source, offset)}`;
    if (specifier === null) return room.path === TOOLS_ROOM ? [] : [`${where}: imports what is only known at run time`];
    const target = targetOf(source.path, specifier);
    const why = isTest(source.path) ? testObjection(target, declared) : objection(room, target, isType, declared);
    return why === null ? [] : [`${where}: ${room.path} ${why}`];
  });
}

function objection(room: Room, target: Target, isType: boolean, declared: ReadonlySet<string>): string | null {
  switch (target.kind) {
    case 'builtin':
      return room.builtins === 'any' || room.builtins.includes(target.name) ? null : `may not use node:${target.name}`;
    case 'package':
      if (!declared.has(target.name)) return undeclared(target.name);
      return room.packages.includes(target.name) ? null : `may not use the package ${target.name}`;
    case 'file':
      return fileObjection(room, target.path, isType);
  }
}

function fileObjection(room: Room, path: string, isType: boolean): string | null {
  if (isTest(path) && room.path !== TOOLS_ROOM) return `may not import the test file ${path}`;
  if (roomOf(path) === room) return null;
  const allowed = isType ? [...room.imports, ...room.types] : room.imports;
  if (allowed.some((entry) => fits(path, entry))) return null;
  return `may not import ${isType ? 'types' : 'values'} of ${path}`;
}

/** Tests go everywhere, but not through what isn't declared. */
function testObjection(target: Target, declared: ReadonlySet<string>): string | null {
  return target.kind === 'package' && !declared.has(target.name) ? undeclared(target.name) : null;
}

const undeclared = (name: string) => `imports ${name}, which package.json doesn't have`;

function fits(path: string, entry: string): boolean {
  return entry.endsWith('/') ? path.startsWith(entry) : path === entry;
}

/** Whether every package has a room, and the table names none that is gone. */
export function packageComplaints(declared: ReadonlySet<string>): string[] {
  const assigned = new Set([...TOOLS, ...ROOMS.flatMap((room) => room.packages)]);
  const homeless = [...declared].filter((name) => !assigned.has(name));
  const gone = [...assigned].filter((name) => !declared.has(name));
  return [
    ...homeless.map((name) => `${name}: package without a room (build/zones/table.ts)`),
    ...gone.map((name) => `${name}: in build/zones/table.ts, but not in package.json`),
  ];
}
