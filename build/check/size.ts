/** How long files and functions are. */
import type { ESTree } from 'vite';
import { functionName } from './finding.ts';
import { lineOf, type Source, walk } from './source.ts';

export interface Length {
  readonly path: string;
  /** The function's name; null for the file. */
  readonly name: string | null;
  readonly lines: number;
}

export interface Long {
  readonly path: string;
  /** Null for the whole file. */
  readonly name: string | null;
  /** May get shorter, not longer. */
  readonly lines: number;
  readonly reason: string;
}

export const FILE_LINES = 300;
export const FILE_LINES_EVER = 500;
export const FUNCTION_LINES = 40;

export function fileLength(path: string, text: string): Length {
  return { path, name: null, lines: text.trimEnd().split('\n').length };
}

/** The functions of a file with a body. The insides of a function in a function count for the inner one alone. */
export function functionLengths(source: Source): Length[] {
  const bodies: { readonly name: string; readonly first: number; readonly last: number }[] = [];
  walk(source.parsed.program, (node, around) => {
    if (!hasBody(node)) return;
    const name = functionName([...around, node]);
    bodies.push({ name, first: lineOf(source, node.start), last: lineOf(source, node.end) });
  });
  return bodies.map(({ name, first, last }) => {
    const inner = bodies.filter((one) => one.first >= first && one.last <= last && one.last - one.first < last - first);
    const elsewhere = new Set(inner.flatMap((one) => range(one.first + 1, one.last - 1)));
    return { path: source.path, name, lines: last - first + 1 - elsewhere.size };
  });
}

function hasBody(node: ESTree.Node): boolean {
  const isFunction =
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression';
  return isFunction && node.body?.type === 'BlockStatement';
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}

/** One line for each that is too long and not listed, longer than listed, or listed without need. */
export function lengthComplaints(lengths: readonly Length[], listed: readonly Long[]): string[] {
  const limitOf = ({ name }: { name: string | null }) => (name === null ? FILE_LINES : FUNCTION_LINES);
  const same = (long: Long, length: Length) => long.path === length.path && long.name === length.name;
  const tooLong = lengths.filter((length) => {
    const allowed = listed.find((long) => same(long, length))?.lines ?? limitOf(length);
    return length.lines > (length.name === null ? Math.min(allowed, FILE_LINES_EVER) : allowed);
  });
  const idle = listed.filter((long) => !lengths.some((length) => same(long, length) && length.lines > limitOf(long)));
  return [
    ...tooLong.map(({ path, name, lines }) => `${path}${name === null ? '' : ` (${name})`}: ${lines} lines`),
    ...idle.map(
      ({ path, name }) => `${path} (${name ?? 'file'}): listed as long in build/check/allowed.ts without need`,
    ),
  ];
}
