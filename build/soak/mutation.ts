/** Makes bad input from good: values changed within a document, bytes changed within a text. */
import type { Chance } from './chance.ts';

const ODD: readonly unknown[] = [
  ...[null, -1, 0, 0.5, 1e308, -0, 2 ** 53, true, false, '', ' ', '\u0000', '\ud800', '__proto__', 'constructor'],
  ...['x'.repeat(5_000), '会員', '2026-02-30', '24:00', '25:61', '2026-11-02T03:00:00Z', '9999-12-31', 'all', 'front'],
  ...[[], {}, [[[[]]]], [null], { toString: 1 }, { length: 1e9 }],
];
const KEYS = ['', 'id', 'door', 'driver', 'format', '__proto__', 'constructor', 'toString', 'length'];

/** One value in it, as deep as chance has it, is another, gone, or doubled. */
export function mutatedValue(value: unknown, chance: Chance): unknown {
  if (typeof value !== 'object' || value === null || chance.oneIn(12)) return leafOf(value, chance);
  if (Array.isArray(value)) return mutatedList(value, chance);
  const entries = Object.entries(value);
  const at = chance.below(entries.length + 1);
  if (at === entries.length) return { ...value, [chance.pick(KEYS)]: chance.pick(ODD) };
  if (chance.oneIn(10)) return Object.fromEntries(entries.filter((_, index) => index !== at));
  return Object.fromEntries(entries.map(([key, one], index) => [key, index === at ? mutatedValue(one, chance) : one]));
}

/** A little more or less of what it was, or something of another kind. */
function leafOf(value: unknown, chance: Chance): unknown {
  if (chance.oneIn(3)) return chance.pick(ODD);
  if (typeof value === 'number') return value + chance.pick([-1, 1, 0.5, 1_000, -1_000]);
  if (typeof value === 'string') return changedText(value, chance);
  return typeof value === 'boolean' ? !value : chance.pick(ODD);
}

function mutatedList(list: readonly unknown[], chance: Chance): unknown[] {
  const at = chance.below(list.length + 1);
  if (at === list.length) return [...list, chance.pick(ODD)];
  if (chance.oneIn(8)) return list.filter((_, index) => index !== at);
  if (chance.oneIn(8)) return [...list, list[at]];
  return list.map((one, index) => (index === at ? mutatedValue(one, chance) : one));
}

function changedText(text: string, chance: Chance): string {
  return Buffer.from(damaged(Buffer.from(text), chance)).toString('utf8');
}

/** A few bytes are others, gone, doubled or new. */
export function damaged(bytes: Uint8Array, chance: Chance, most = 3): Uint8Array {
  let list = [...bytes];
  for (let changes = 1 + chance.below(most); changes > 0; changes -= 1) {
    const at = chance.below(list.length + 1);
    const end = at + chance.below(8);
    const how = chance.below(5);
    if (how === 0) list = list.map((byte, index) => (index === at ? byte ^ (1 << chance.below(8)) : byte));
    else if (how === 1) list = [...list.slice(0, at), chance.below(256), ...list.slice(at)];
    else if (how === 2) list = [...list.slice(0, at), ...list.slice(end)];
    else if (how === 3) list = [...list.slice(0, end), ...list.slice(at)];
    else list = list.slice(0, chance.oneIn(4) ? at : list.length);
  }
  return Uint8Array.from(list);
}
