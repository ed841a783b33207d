/** What a check found, and what is allowed by a list with reasons. */
import type { ESTree } from 'vite';

export interface Finding {
  readonly path: string;
  readonly line: number;
  /** The function around it, `module` at the top level. */
  readonly name: string;
  readonly what: string;
}

export interface Allowance {
  readonly path: string;
  /** A function's name, or `*` for the whole file. */
  readonly name: string;
  readonly reason: string;
}

/** One line a finding that nothing allows, and one an allowance that nothing needs any more. */
export function complaints(findings: readonly Finding[], allowed: readonly Allowance[]): string[] {
  const fits = (one: Allowance, finding: Finding) =>
    one.path === finding.path && (one.name === '*' || one.name === finding.name);
  const open = findings.filter((finding) => !allowed.some((one) => fits(one, finding)));
  const idle = allowed.filter((one) => !findings.some((finding) => fits(one, finding)));
  return [
    ...open.map(({ path, line, name, what }) => `${path}:${line} (${name}): ${what}`),
    ...idle.map(({ path, name }) => `${path} (${name}): allowed in build/check/allowed.ts, but not there any more`),
  ];
}

/** The nearest named function of the nodes around something, nearest last. */
export function functionName(around: readonly ESTree.Node[]): string {
  for (let at = around.length - 1; at >= 0; at -= 1) {
    const node = around[at];
    const name = node === undefined ? null : nameOf(node, around[at - 1]);
    if (name !== null) return name;
  }
  return 'module';
}

function nameOf(node: ESTree.Node, parent: ESTree.Node | undefined): string | null {
  if (node.type === 'FunctionDeclaration') return node.id?.name ?? null;
  if (node.type !== 'FunctionExpression' && node.type !== 'ArrowFunctionExpression') return null;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  const isMember =
    parent?.type === 'Property' || parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition';
  return isMember ? keyName(parent.key) : null;
}

function keyName(key: ESTree.Node): string | null {
  if (key.type === 'Identifier' || key.type === 'PrivateIdentifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : null;
}
