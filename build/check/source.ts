/** The repository's files as the checks see them: what git would keep, read and parsed once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ESTree, type ParseResult, parseSync } from 'vite';
import { ROOT } from '../setup/runtime.mjs';

/** Never committed; see .gitignore. */
const IGNORED = new Set([
  'node_modules',
  'dist',
  'coverage',
  'reports',
  'artefacts',
  '.demo',
  '.vitest',
  '.git',
  'bench.json',
]);

const CODE = /\.(ts|tsx|mts|cts|js|mjs|cjs|jsx)$/;
/**
 * `x.test.ts`; and what only tests use: `build/e2e/`, `testing.ts`, `test-x.ts`, `harness.ts`, `harness-x.ts`,
 * `measure.ts`, a port's contract suite `x-contract.ts`.
 */
const TEST =
  /^build\/e2e\/|\.test\.tsx?$|(^|\/)(testing|measure|harness|(test|harness)-[^/.]+)\.tsx?$|-contract\.tsx?$/;

export interface Source {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly parsed: ParseResult;
}

/** Every file, relative to `root`, in order. */
export function listFiles(root: string = ROOT, below = ''): string[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name) && !entry.name.endsWith('.log'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? listFiles(root, path) : [path];
    });
}

export function isCode(path: string): boolean {
  return CODE.test(path) && !path.endsWith('.d.mts') && !path.endsWith('.d.ts');
}

export function isTest(path: string): boolean {
  return TEST.test(path);
}

/** Throws where the text is not TypeScript: nothing can be said about such a file. */
export function parseSource(path: string, text: string): Source {
  const parsed = parseSync(path, text);
  const [error] = parsed.errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  return { path, text, parsed };
}

/** All code, or what `select` picks of it. */
export function readSources(select: (path: string) => boolean): Source[] {
  const paths = listFiles().filter((path) => isCode(path) && select(path));
  return paths.map((path) => parseSource(path, readFileSync(join(ROOT, path), 'utf8')));
}

export function lineOf(source: Source, offset: number): number {
  return source.text.slice(0, offset).split('\n').length;
}

/** Calls `visit` for every node below `node`, outermost first, with the nodes around it, the nearest last. */
export function walk(node: ESTree.Node, visit: (node: ESTree.Node, around: readonly ESTree.Node[]) => void): void {
  const around: ESTree.Node[] = [];
  const go = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = isNode(value) ? value : null;
    if (node !== null) visit(node, around);
    if (node !== null) around.push(node);
    for (const child of Object.values(value)) go(child);
    if (node !== null) around.pop();
  };
  go(node);
}

function isNode(value: object): value is ESTree.Node {
  return 'type' in value && typeof value.type === 'string';
}
