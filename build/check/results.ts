/**
 * Calls whose Result nobody looks at. That needs types, so the compiler is asked, through its API that is still called
 * unstable: the version is pinned, and this file alone uses it. `void f()` says that not looking is meant.
 */
import { join, relative } from 'node:path';
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast';
import { isAwaitExpression, isCallExpression, isExpressionStatement } from 'typescript/unstable/ast/is';
import { API, type Checker, type Project, type Type } from 'typescript/unstable/sync';
import { ROOT } from '../setup/runtime.mjs';
import type { Finding } from './finding.ts';

/** The unread Results of a project's files, `config` being its tsconfig. */
export function findUnreadResults(config: string): Finding[] {
  const api = new API({ cwd: ROOT });
  try {
    const project = api.updateSnapshot({ openProjects: [join(ROOT, config)] }).getProject(join(ROOT, config));
    if (project === undefined) throw new Error(`${config}: the compiler doesn't know this project`);
    return project.rootFiles.flatMap((name) => unreadIn(project, name));
  } finally {
    api.close();
  }
}

function unreadIn(project: Project, name: string): Finding[] {
  const file = project.program.getSourceFile(name);
  if (file === undefined) return [];
  const calls = callStatements(file);
  const types = calls.length === 0 ? [] : project.checker.getTypeAtLocation(calls);
  return calls
    .filter((_, at) => isResult(project.checker, types[at]))
    .map((call) => ({
      path: relative(ROOT, name),
      line: file.text.slice(0, call.getStart(file)).split('\n').length,
      name: enclosing(call),
      what: `nobody looks at the Result of ${call.getText(file)}`,
    }));
}

/** Statements that are a call, awaited or not, and nothing else. */
function callStatements(file: SourceFile): Node[] {
  const found: Node[] = [];
  const visit = (node: Node): void => {
    if (isExpressionStatement(node)) {
      const { expression } = node;
      if (isCallExpression(isAwaitExpression(expression) ? expression.expression : expression)) found.push(expression);
    }
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

/** A union with at least two members that have `ok`: success and failure. */
function isResult(checker: Checker, type: Type | undefined): boolean {
  if (type === undefined || !type.isUnionType()) return false;
  const members = type.getTypes().filter((member) => checker.getPropertyOfType(member, 'ok') !== undefined);
  return members.length >= 2;
}

const NAMED = new Set([SyntaxKind.FunctionDeclaration, SyntaxKind.MethodDeclaration, SyntaxKind.VariableDeclaration]);

function enclosing(node: Node): string {
  for (let at: Node | undefined = node; at !== undefined; at = at.parent) {
    if (NAMED.has(at.kind) && 'name' in at) return nameText(at.name);
  }
  return 'module';
}

function nameText(name: unknown): string {
  return typeof name === 'object' && name !== null && 'text' in name ? String(name.text) : 'module';
}
