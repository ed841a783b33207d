/** What a source file imports, read from its syntax tree (Vite's parser). */
import { posix } from 'node:path';
import type { ESTree } from 'vite';
import { type Source, walk } from '../check/source.ts';

export interface Import {
  /** As it is written; null where it is worked out at run time, which nobody can check. */
  readonly specifier: string | null;
  /** Nothing of it is there at run time. */
  readonly isType: boolean;
  readonly offset: number;
}

export type Target =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'builtin'; readonly name: string };

/** Every import, re-export, `import()`, `import type`, `require()` and `import x = require()` of a file. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  walk(source.parsed.program, (node) => {
    const one = importOf(node);
    if (one !== null) found.push({ ...one, offset: node.start });
  });
  return found;
}

function importOf(node: ESTree.Node): Omit<Import, 'offset'> | null {
  switch (node.type) {
    case 'ImportDeclaration':
      return { specifier: node.source.value, isType: isTypeImport(node) };
    case 'ExportAllDeclaration':
      return { specifier: node.source.value, isType: node.exportKind === 'type' };
    case 'ExportNamedDeclaration':
      return node.source === null ? null : { specifier: node.source.value, isType: isTypeExport(node) };
    case 'ImportExpression':
      return { specifier: literal(node.source), isType: false };
    case 'TSImportType':
      return { specifier: node.source.value, isType: true };
    case 'TSExternalModuleReference':
      return { specifier: node.expression.value, isType: false };
    case 'CallExpression':
      return isRequire(node) ? { specifier: literal(node.arguments[0]), isType: false } : null;
    default:
      return null;
  }
}

function isTypeImport(node: ESTree.ImportDeclaration): boolean {
  if (node.importKind === 'type') return true;
  const isType = (one: ESTree.ImportDeclarationSpecifier) =>
    one.type === 'ImportSpecifier' && one.importKind === 'type';
  return node.specifiers.length > 0 && node.specifiers.every(isType);
}

function isTypeExport(node: ESTree.ExportNamedDeclaration): boolean {
  if (node.exportKind === 'type') return true;
  return node.specifiers.length > 0 && node.specifiers.every((one) => one.exportKind === 'type');
}

function isRequire(node: ESTree.CallExpression): boolean {
  return node.callee.type === 'Identifier' && node.callee.name === 'require';
}

function literal(node: ESTree.Node | undefined): string | null {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

/** Where a specifier leads, seen from the file `from`. A query (`?worker`) doesn't count. */
export function targetOf(from: string, specifier: string): Target {
  const [path = ''] = specifier.split('?');
  if (path.startsWith('.')) return { kind: 'file', path: posix.join(posix.dirname(from), path) };
  if (path.startsWith('node:')) return { kind: 'builtin', name: path.slice('node:'.length) };
  const parts = path.startsWith('/') ? [path] : path.split('/');
  return { kind: 'package', name: parts.slice(0, path.startsWith('@') ? 2 : 1).join('/') };
}
