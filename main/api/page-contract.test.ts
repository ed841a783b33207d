/**
 * The page and the controller are installed together, but a staff console, a terminal or a test of the customer's may
 * speak the same messages: whoever changes them sees here what changed. `UPDATE_CONTRACT=1` accepts the change.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as z from 'zod';
import * as looks from '../contract/looks.ts';
import * as ways from '../contract/member-ways.ts';
import {
  CallStaffInput,
  CallStaffOutput,
  ChooseInput,
  ChooseOutput,
  DemoDoorInput,
  DemoScanInput,
  PageMessage,
  ScanInput,
  ScanOutput,
} from '../contract/page.ts';
import * as staff from '../contract/staff.ts';
import { ROLES } from '../contract/staff.ts';
import * as technician from '../contract/technician.ts';
import { kioskRouter } from './router.ts';

const FILE = fileURLToPath(new URL('../contract/page.contract.json', import.meta.url));

/** A procedure without roles fails here. */
const Procedure = z.object({ type: z.string(), meta: z.object({ roles: z.array(z.enum(ROLES)).min(1) }) });

const { UPDATE_CONTRACT } = process.env;

const MEMBERS = { PageMessage, ScanInput, ScanOutput, ChooseInput, ChooseOutput, DemoScanInput, DemoDoorInput };
const SCHEMAS = {
  ...MEMBERS,
  CallStaffInput,
  CallStaffOutput,
  ...schemasOf(ways),
  ...schemasOf(staff),
  ...schemasOf(looks),
  ...schemasOf(technician),
};

function schemasOf(module: object): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(module).filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType),
  );
}

function contract(): unknown {
  const procedures = Object.entries<{ readonly _def: unknown }>(Object(kioskRouter._def.procedures))
    .map(([name, { _def }]) => {
      const { type, meta } = Procedure.parse(_def);
      return [name, { type, roles: meta.roles }] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const schemas = Object.entries(SCHEMAS).map(([name, schema]) => [name, z.toJSONSchema(schema)] as const);
  return { procedures: Object.fromEntries(procedures), schemas: Object.fromEntries(schemas) };
}

/** Every leaf with its path, so that two contracts can be compared line by line. */
function leaves(value: unknown, path = '$'): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, JSON.stringify(value)]];
  return entries.flatMap(([key, item]) => leaves(item, `${path}.${key}`));
}

function changes(before: unknown, after: unknown): string[] {
  const [old, now] = [new Map(leaves(before)), new Map(leaves(after))];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path) => {
    const [was, is] = [old.get(path), now.get(path)];
    if (was === is) return [];
    if (was === undefined) return [`new      ${path} = ${is}`];
    return is === undefined ? [`gone     ${path} = ${was}`] : [`changed  ${path}: ${was} -> ${is}`];
  });
}

test('the messages are those of page.contract.json', () => {
  const now: unknown = JSON.parse(JSON.stringify(contract()));
  if (UPDATE_CONTRACT === '1') writeFileSync(FILE, `${JSON.stringify(now, null, 1)}\n`);
  expect(changes(JSON.parse(readFileSync(FILE, 'utf8')), now)).toEqual([]);
});

test('what changed is said by path', () => {
  expect(changes({ a: { b: 1, c: [] } }, { a: { b: 2, d: [true] } })).toEqual([
    'changed  $.a.b: 1 -> 2',
    'gone     $.a.c = []',
    'new      $.a.d.0 = true',
  ]);
});
