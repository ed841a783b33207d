/** House rules that the linter lacks, each a pure function of one file's syntax tree. */
import type { ESTree } from 'vite';
import { type Finding, functionName } from './finding.ts';
import { lineOf, type Source, walk } from './source.ts';

type Look = (node: ESTree.Node, parent: ESTree.Node | undefined) => string | null;

function findAll(source: Source, look: Look): Finding[] {
  const found: Finding[] = [];
  walk(source.parsed.program, (node, around) => {
    const what = look(node, around.at(-1));
    if (what === null) return;
    found.push({ path: source.path, line: lineOf(source, node.start), name: functionName(around), what });
  });
  return found;
}

/** `x as T` and `<T>x`; `as const` asserts nothing. */
export function findCasts(source: Source): Finding[] {
  return findAll(source, (node) => {
    if (node.type !== 'TSAsExpression' && node.type !== 'TSTypeAssertion') return null;
    const { typeAnnotation: type } = node;
    const isConst =
      type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'const';
    return isConst ? null : 'a cast: parse it, or narrow it with a check';
  });
}

const TIMERS = new Set(['setTimeout', 'setInterval', 'setImmediate', 'requestIdleCallback', 'performance']);
const CLOCK_MODULES = new Set(['node:timers', 'node:timers/promises', 'node:perf_hooks', 'timers', 'timers/promises']);
const CLOCK_MEMBERS = new Set(['process.hrtime', 'process.uptime', 'Temporal.Now', 'AbortSignal.timeout']);
const PURE_DATE = new Set(['parse', 'UTC']);

/** Clocks and timers that don't come from a `Clock`. `Date.parse`, `Date.UTC` and `new Date(x)` read none. */
export function findTime(source: Source): Finding[] {
  return findAll(source, (node, parent) => {
    if (node.type === 'ImportDeclaration' && CLOCK_MODULES.has(node.source.value))
      return `${node.source.value}: take a Clock`;
    if (node.type === 'MemberExpression' && CLOCK_MEMBERS.has(memberName(node)))
      return `${memberName(node)}: take a Clock`;
    if (node.type !== 'Identifier' || !isValue(node, parent)) return null;
    if (TIMERS.has(node.name)) return `${node.name}: take a Clock`;
    return node.name === 'Date' && !isPureDate(node, parent) ? 'Date: take a Clock' : null;
  });
}

function isPureDate(node: ESTree.Node, parent: ESTree.Node | undefined): boolean {
  if (parent?.type === 'NewExpression') return parent.callee === node && parent.arguments.length > 0;
  if (parent?.type === 'BinaryExpression') return parent.operator === 'instanceof';
  return parent?.type === 'MemberExpression' && PURE_DATE.has(memberName(parent).slice('Date.'.length));
}

/** Banned even where clocks are read: what can't be repeated, and the wall clock in its unnamed form. */
export function findChance(source: Source): Finding[] {
  return findAll(source, (node, parent) => {
    if (node.type === 'MemberExpression' && memberName(node) === 'Math.random')
      return 'Math.random: use node:crypto or a seed';
    if (node.type !== 'Identifier' || node.name !== 'Date' || !isValue(node, parent)) return null;
    const isNow = parent?.type === 'NewExpression' || parent?.type === 'CallExpression';
    return isNow && parent.callee === node && parent.arguments.length === 0 ? 'Date without an argument' : null;
  });
}

const PROCESS_MEMBERS = new Set(['process.env', 'process.exit', 'process.exitCode', 'process.abort']);

/** What belongs to the entry of a process. */
export function findProcess(source: Source): Finding[] {
  return findAll(source, (node) => {
    const isImport = node.type === 'ImportDeclaration' && /^(node:)?process$/.test(node.source.value);
    if (isImport) return 'process: only an entry knows its process';
    const isMember = node.type === 'MemberExpression' && PROCESS_MEMBERS.has(memberName(node));
    return isMember ? `${memberName(node)}: only an entry knows its process` : null;
  });
}

/** `a.b` of plain names, `globalThis.` left off; else the empty string. */
function memberName(node: ESTree.MemberExpression): string {
  const { object, property } = node;
  if (node.computed || property.type !== 'Identifier') return '';
  if (object.type === 'Identifier') return `${object.name}.${property.name}`;
  const isGlobal = object.type === 'MemberExpression' && /^(globalThis|window|self)\./.test(memberName(object));
  return isGlobal ? `${memberName(object).split('.')[1]}.${property.name}` : '';
}

/** Whether an identifier stands for a global's value here, and not for a type, a key or another object's member. */
function isValue(node: ESTree.Node, parent: ESTree.Node | undefined): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed || /^(globalThis|window|self)\./.test(memberName(parent));
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.key !== node || parent.computed;
    case 'TSPropertySignature':
    case 'TSMethodSignature':
    case 'TSTypeReference':
    case 'TSQualifiedName':
    case 'TSTypeQuery':
    case 'TSClassImplements':
    case 'TSInterfaceHeritage':
      return false;
    default:
      return true;
  }
}
