/**
 * Fuzzing of the parsers that are no device's: the guard's wire, passes, and the documents that somebody hands in. What
 * must hold of each is said by a second, simpler reading.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Fuzz } from '../../device/captures/harness.ts';
import { parseConfig } from '../../main/contract/config.ts';
import { parseSettings } from '../../main/contract/settings.ts';
import { parseSite } from '../../main/contract/site.ts';
import { decodeBase45, encodeBase45 } from '../../main/controller/passes/base45.ts';
import { mintPass } from '../../main/controller/passes/mint.ts';
import { PASS_PREFIX, parsePass } from '../../main/controller/passes/pass.ts';
import { PassChecker } from '../../main/controller/passes/pass-checker.ts';
import { NOTHING_USED } from '../../main/controller/passes/used-passes.ts';
import type { Result } from '../../main/core/result.ts';
import { LineSplitter, parseFromGuard, parseToGuard } from '../../main/guard/parse.ts';
import { MAX_LINE } from '../../main/guard/protocol.ts';
import { Chance } from './chance.ts';
import { damaged, mutatedValue } from './mutation.ts';
import { makeClub, TENANT } from './week-site.ts';

/** Whether the input got past the framing, and what is wrong with what came out. */
export interface Verdict {
  readonly framed: boolean;
  readonly wrong: string | null;
}

const MOST_FINDINGS = 20;

export function fuzz(name: string, make: () => (chance: Chance) => Verdict): Fuzz {
  return {
    name,
    run: async (inputs, seed) => {
      const [one, chance] = [make(), new Chance(seed)];
      const findings: string[] = [];
      let framed = 0;
      const before = process.memoryUsage().heapUsed;
      for (let input = 0; input < inputs; input += 1) {
        const verdict = attempt(one, chance);
        if (verdict.framed) framed += 1;
        if (verdict.wrong !== null && findings.length < MOST_FINDINGS)
          findings.push(`${name}, seed ${seed}, input ${input}: ${verdict.wrong}`);
      }
      return { inputs, framed, findings, heapGrowthBytes: process.memoryUsage().heapUsed - before };
    },
  };
}

function attempt(one: (chance: Chance) => Verdict, chance: Chance): Verdict {
  try {
    return one(chance);
  } catch (error) {
    return { framed: false, wrong: `it threw ${error instanceof Error ? error.message : typeof error}` };
  }
}

const LINE = {
  driver: 'serial-relay',
  protocol: 'lcus',
  path: '/dev/ttyUSB0',
  baudRate: 9_600,
  channel: 1,
  query: false,
};
const GPIO = { driver: 'gpio', chip: null, line: 'LOCK', activeLow: false, bias: 'as-is' };
const INPUT_LINE = {
  driver: 'serial-relay',
  protocol: 'modbus',
  path: '/dev/ttyUSB1',
  baudRate: 9_600,
  unitId: 1,
  channel: 0,
};
const TO_GUARD: readonly object[] = [
  { do: 'energise', door: 'front', seq: 7, until: 1_000_003_000.25 },
  { do: 'energise-at', door: 'front', seq: 8, at: 1_000_000_100, until: 1_000_003_000 },
  { do: 'rest', door: 'front', seq: 8 },
  { do: 'open', locks: [LINE, GPIO].map((line, at) => ({ door: `d${at}`, maxPulseMs: 10_000, line })) },
  {
    do: 'open',
    locks: [],
    inputs: [{ id: 'd.fire', line: INPUT_LINE, activeLow: true, debounceMs: 30 }],
    outputs: [{ id: 'd.buzzer', line: LINE }],
  },
  { do: 'output', id: 'd.buzzer', on: true },
  { do: 'plug', door: 'front', there: false },
  { do: 'wake' },
  { do: 'ping' },
  { do: 'stop' },
];
const FROM_GUARD: readonly object[] = [
  { say: 'ready', pid: 1_234 },
  { say: 'line', door: 'front', seq: 7, energised: true, mono: 1_000_000.5 },
  { say: 'failed', door: 'front', seq: 7, detail: 'unplugged' },
  { say: 'device', door: 'front', state: { ok: true, detail: 'there' } },
  { say: 'device', door: 'front', state: { ok: false, code: 'no-answer', detail: 'silent' } },
  { say: 'part', id: 'd.fire', state: { ok: true, detail: 'there' } },
  { say: 'input', id: 'd.fire', active: true, mono: 5 },
  { say: 'pong' },
];

/** Lines through the splitter, in pieces; what is taken must say the same when it is said again. */
function wire(messages: readonly object[], parse: (line: string) => object | null): (chance: Chance) => Verdict {
  const splitter = new LineSplitter();
  return (chance) => {
    const message = chance.oneIn(4) ? chance.pick(messages) : mutatedValue(chance.pick(messages), chance);
    const text = Buffer.from(`${JSON.stringify(message)}\n`);
    const bytes = chance.oneIn(4) ? damaged(text, chance) : text;
    const long = chance.oneIn(20_000) ? Buffer.alloc(MAX_LINE + 1, 'x') : Buffer.alloc(0);
    const cut = chance.below(bytes.length + 1);
    const lines = [long, bytes.subarray(0, cut), bytes.subarray(cut)].flatMap((piece) => splitter.feed(piece));
    let framed = false;
    for (const line of lines) {
      const taken = line === null ? null : parse(line);
      if (line === null || taken === null) continue;
      framed = true;
      if (line.length > MAX_LINE) return { framed, wrong: 'a line beyond the longest' };
      const wrong = isSaidIn(JSON.parse(line), taken) ? null : 'more than was said';
      if (wrong !== null || !isDeepStrictEqual(parse(JSON.stringify(taken)), taken))
        return { framed, wrong: wrong ?? 'said again it is another' };
    }
    return { framed, wrong: null };
  };
}

/** Everything that was taken stands in what was said. */
export function isSaidIn(said: unknown, taken: unknown): boolean {
  if (typeof taken !== 'object' || taken === null) return Object.is(said, taken);
  if (typeof said !== 'object' || said === null) return false;
  const parts = new Map<string, unknown>(Object.entries(said));
  return Object.entries(taken).every(([key, one]) => isSaidIn(parts.get(key), one));
}

const NOW = Date.UTC(2026, 10, 22);

/** Passes of one key, changed below their text; only one that was issued as it stands is good. */
function passes(): (chance: Chance) => Verdict {
  const { passKey, settings } = makeClub();
  const checker = new PassChecker(settings);
  const issued = Array.from({ length: 20 }, (_, index) => {
    const claims = { memberId: `m${index}`, tenant: TENANT, passId: `0a0b0c0d0e${10 + index}`, doorIds: null };
    const pass = mintPass(passKey, { ...claims, notBefore: null, expiresAt: NOW + 60_000 });
    if (!pass.ok) throw new Error(pass.error.code);
    return { text: pass.value, bytes: decodeBase45(pass.value.slice(PASS_PREFIX.length)) ?? new Uint8Array(0) };
  });
  const texts = new Set(issued.map(({ text }) => text));
  return (chance) => {
    const { text, bytes } = chance.pick(issued);
    const how = chance.below(3);
    let code = text;
    if (how === 0) code = PASS_PREFIX + encodeBase45(damaged(bytes, chance));
    // The signature, the last 64 bytes: the rest stays what it is.
    else if (how === 1) code = PASS_PREFIX + encodeBase45(bytes.with(-1 - chance.below(64), chance.below(256)));
    else if (!chance.oneIn(5)) code = Buffer.from(damaged(Buffer.from(text), chance)).toString('latin1');
    const result = checker.check(code, { doorId: 'front', at: NOW, trust: 'synced', used: NOTHING_USED });
    const isGood = result?.ok === true;
    const wrong = isGood && !texts.has(code.trim()) ? 'a pass that nobody issued' : null;
    return { framed: parsePass(code.trim()) !== null, wrong };
  };
}

/** A document, changed in its values and sometimes in its bytes. Past the framing: its JSON can be read. */
function documents(valid: unknown, parse: (json: unknown) => Result<unknown, readonly unknown[]>) {
  return (chance: Chance): Verdict => {
    let changed: unknown = valid;
    for (let changes = chance.below(3); changes > 0; changes -= 1) changed = mutatedValue(changed, chance);
    const written = JSON.stringify(changed) ?? '';
    const input = chance.oneIn(4) ? Buffer.from(damaged(Buffer.from(written), chance)).toString('utf8') : written;
    const json = readJson(input);
    if (json === null) return { framed: false, wrong: null };
    const parsed = parse(json.value);
    if (!parsed.ok) {
      const told = JSON.stringify(parsed.error).length;
      return { framed: true, wrong: told > 200_000 || parsed.error.length === 0 ? `${told} bytes of errors` : null };
    }
    return { framed: true, wrong: !chance.oneIn(50) || parse(json.value).ok ? null : 'taken only once' };
  };
}

export function readJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** The club with a handful of its members. */
function smallClub() {
  const { site, settings, config } = makeClub();
  const members = site.members.slice(1, 4);
  const ids = new Set(members.map(({ id }) => id));
  const isTheirs = ({ memberId }: { readonly memberId: string }) => ids.has(memberId);
  const { tickets, reservations } = site;
  const small = { ...site, members, tickets: tickets.filter(isTheirs), reservations: reservations.filter(isTheirs) };
  return { site: small, settings, config };
}

export const PARSER_FUZZES: readonly Fuzz[] = [
  fuzz('to the guard', () => wire(TO_GUARD, parseToGuard)),
  fuzz('from the guard', () => wire(FROM_GUARD, parseFromGuard)),
  fuzz('passes', passes),
  fuzz('site bundle', () => documents(smallClub().site, parseSite)),
  fuzz('settings', () => {
    const { site, settings } = smallClub();
    return documents(settings, (json) => parseSettings(json, site));
  }),
  fuzz('configuration', () => documents(smallClub().config, parseConfig)),
];
