/**
 * Hubs and units of others are built by these files. Whoever changes the protocol sees here what changed;
 * `UPDATE_CONTRACT=1` accepts it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { goodbyeTable, jsonSchemas, messageTable, peerTable } from './describe.ts';

const FOLDER = join(import.meta.dirname, 'schema');
const MANUAL = join(import.meta.dirname, '../../resources/manual/sync-protocol.md');
const isUpdate = process.env['UPDATE_CONTRACT'] === '1';

test('the JSON Schema files are those of the program', () => {
  const now = new Map(
    Object.entries(jsonSchemas()).map(([name, schema]) => [`${name}.json`, `${JSON.stringify(schema, null, 1)}\n`]),
  );
  if (isUpdate) for (const [name, text] of now) writeFileSync(join(FOLDER, name), text);
  const files = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);
  expect(new Map(files)).toEqual(new Map([...now].sort()));
});

/** Between `<!-- NAME -->` and `<!-- /NAME -->`. */
function fill(text: string, name: string, content: string): string {
  return text.replace(
    new RegExp(`<!-- ${name} -->[^]*<!-- /${name} -->`),
    () => `<!-- ${name} -->\n${content}\n<!-- /${name} -->`,
  );
}

test('the manual has the messages of the program', () => {
  const text = readFileSync(MANUAL, 'utf8');
  const tables = { messages: messageTable(), goodbyes: goodbyeTable(), peers: peerTable() };
  const now = Object.entries(tables).reduce((so, [name, table]) => fill(so, name, table), text);
  if (isUpdate) writeFileSync(MANUAL, now);
  expect(readFileSync(MANUAL, 'utf8')).toBe(now);
  expect(now).toContain('| unit | `hello` |');
  expect(now).toContain('| `have` | `heads` |');
});
