/**
 * Fuzzing of the device parsers: inputs made from captures by mutation, seeded, in any number. What must hold of each
 * parser is said here by a second, simpler reading of the same bytes. For `npm test` (10,000 a parser) and the soak.
 */

import { readStatus } from '../boards/hid/report.ts';
import { modbus } from '../boards/modbus/protocol.ts';
import { numato } from '../boards/numato/protocol.ts';
import { PosParser } from '../readers/hid/pos-parser.ts';
import { KeyParser } from '../readers/keyboard/parser.ts';
import { CodeParser } from '../readers/serial/parser.ts';
import { crc } from '../sim/boards.ts';
import { HID_STATUSES, KEY_EVENTS, MODBUS_ANSWERS, NUMATO_ANSWERS, POS, SERIAL } from './captures.ts';

export interface FuzzReport {
  readonly inputs: number;
  /** Those that got past the framing: a code or an answer came out. */
  readonly framed: number;
  /** What should not have come out, by the input's number, never its content. At most 20. */
  readonly findings: readonly string[];
  readonly heapGrowthBytes: number;
}

export interface Fuzz {
  readonly name: string;
  run(inputs: number, seed: number): Promise<FuzzReport>;
}

type Random = (below: number) => number;

/** What one input did: whether anything came out, and what is wrong with it. */
interface Verdict {
  readonly framed: boolean;
  readonly wrong: string | null;
}

const MOST_FINDINGS = 20;
const MOST_BYTES = 512;

function fuzz(name: string, make: () => Promise<(random: Random) => Verdict>): Fuzz {
  return {
    name,
    run: async (inputs, seed) => {
      const one = await make();
      const random = randomOf(seed);
      const findings: string[] = [];
      let framed = 0;
      const before = process.memoryUsage().heapUsed;
      for (let input = 0; input < inputs; input += 1) {
        const { wrong, ...verdict } = attempt(one, random);
        if (verdict.framed) framed += 1;
        if (wrong !== null && findings.length < MOST_FINDINGS)
          findings.push(`${name}, seed ${seed}, input ${input}: ${wrong}`);
      }
      return { inputs, framed, findings, heapGrowthBytes: process.memoryUsage().heapUsed - before };
    },
  };
}

function attempt(one: (random: Random) => Verdict, random: Random): Verdict {
  try {
    return one(random);
  } catch (error) {
    return { framed: false, wrong: `it threw ${error instanceof Error ? error.name : typeof error}` };
  }
}

/** The parsers live through all inputs, as they do in a reader. */
export const FUZZES: readonly Fuzz[] = [
  fuzz('serial reader', async () => {
    const parser = new CodeParser();
    let tail = Buffer.alloc(0);
    return (random) => {
      const bytes = mutated(
        random,
        SERIAL.map((capture) => capture.bytes),
      );
      const codes = chunks(random, bytes).flatMap((chunk) => parser.feed(chunk));
      const all = Buffer.concat([tail, bytes]);
      tail = all.subarray(-2 * MOST_BYTES);
      const wrong = codes.some((code) => !endsInLineEnd(all, code)) ? 'a code that no line end ended' : null;
      return { framed: codes.length > 0, wrong: wrong ?? formOf(codes) };
    };
  }),
  fuzz('HID POS reader', async () => {
    const parser = new PosParser();
    return (random) => {
      const captured = POS[random(POS.length)]?.reports ?? [];
      const reports = captured.map((report) => (random(3) === 0 ? mutated(random, [report]) : report));
      parser.reset();
      const codes = reports.flatMap((report) => parser.feed(report));
      const data = Buffer.concat(reports.filter(([id]) => id === 2).map((report) => report.subarray(5, 61)));
      // Less than the length says is taken of some, so that parts of a code may lie apart.
      const wrong = codes.some((code) => !isSubsequence(Buffer.from(code), data))
        ? 'a code from outside the data'
        : null;
      return { framed: codes.length > 0, wrong: wrong ?? formOf(codes) };
    };
  }),
  fuzz('keyboard reader', async () => {
    const parser = new KeyParser('us');
    return (random) => {
      const events = mutated(
        random,
        KEY_EVENTS.map((capture) => capture.bytes),
      );
      parser.reset();
      const codes = chunks(random, events).flatMap((chunk) => parser.feed(chunk));
      const enters = Array.from({ length: Math.floor(events.length / 24) }, (_, index) => {
        const [type, code, value] = [16, 18, 20].map((at) => Buffer.from(events).readUInt16LE(24 * index + at));
        return type === 1 && (code === 28 || code === 96) && value === 1;
      }).filter(Boolean);
      const wrong = codes.length > enters.length ? 'a code without its Enter' : null;
      return { framed: codes.length > 0, wrong: wrong ?? formOf(codes) };
    };
  }),
  fuzz('Numato answers', async () => (random) => {
    const captured = NUMATO_ANSWERS[random(NUMATO_ANSWERS.length)];
    const bytes = mutated(random, captured === undefined ? [] : [captured.bytes]);
    const command = captured?.asked === 'input' ? numato.readInput(0) : numato.readRelay(0);
    const found = command?.answer(bytes);
    const text = Buffer.from(bytes).toString('latin1');
    const yes = captured?.asked === 'input' ? '1' : 'on';
    const isSaid =
      found === undefined || !found.ok || !found.value || new RegExp(`(^|[\\r\\n>])\\s*${yes}\\s*>`).test(text);
    return { framed: found !== undefined, wrong: isSaid ? null : 'on, which the board didn’t say' };
  }),
  fuzz('Modbus answers', async () => {
    const board = modbus(1);
    await board.load();
    const asks = {
      set: () => board.setRelay(0, true),
      relay: () => board.readRelay(0),
      input: () => board.readInput(0),
    };
    return (random) => {
      const captured = MODBUS_ANSWERS[random(MODBUS_ANSWERS.length)];
      const bytes = mutated(random, captured === undefined ? [] : [captured.bytes]);
      const found = asks[captured?.asked ?? 'set']()?.answer(bytes);
      const wrong = found !== undefined && !hasFrame(bytes) ? 'an answer without a checksum' : null;
      return { framed: found !== undefined, wrong };
    };
  }),
  fuzz('HID relay status', async () => (random) => {
    const bytes = mutated(
      random,
      HID_STATUSES.map((capture) => capture.bytes),
    );
    const status = readStatus(bytes);
    const last = bytes.at(-1) ?? 0;
    const wrong = status?.energised.some((on, bit) => on !== (((last >> bit) & 1) === 1)) ? 'another relay' : null;
    return { framed: status !== null, wrong };
  }),
];

function formOf(codes: readonly string[]): string | null {
  for (const code of codes) {
    if (code === '' || Buffer.byteLength(code) > MOST_BYTES) return 'a code of no length, or over 512 bytes';
    if (/[\r\n]/.test(code) || !code.isWellFormed()) return 'a code with a line end, or not of characters';
  }
  return null;
}

function endsInLineEnd(bytes: Buffer, code: string): boolean {
  return bytes.includes(`${code}\r`) || bytes.includes(`${code}\n`);
}

function isSubsequence(part: Uint8Array, whole: Uint8Array): boolean {
  let at = 0;
  for (const byte of part) {
    at = whole.indexOf(byte, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Somewhere in it is a frame of unit 1 with a good checksum. */
function hasFrame(bytes: Uint8Array): boolean {
  return [5, 6, 8].some((length) =>
    Array.from(bytes).some(
      (byte, at) => byte === 1 && at + length <= bytes.length && crc(bytes.subarray(at, at + length)) === 0,
    ),
  );
}

/** Cut into 1 to 4 chunks. */
function chunks(random: Random, bytes: Uint8Array): readonly Uint8Array[] {
  const edges = Array.from({ length: random(4) }, () => random(bytes.length + 1)).sort((a, b) => a - b);
  const all = [0, ...edges, bytes.length];
  return all.slice(1).map((end, index) => bytes.subarray(all[index], end));
}

/** One of the captures, alone or with another behind it, changed in 0 to 3 places. */
function mutated(random: Random, captures: readonly Uint8Array[]): Uint8Array {
  const pick = (): Uint8Array => captures[random(captures.length)] ?? new Uint8Array(0);
  let bytes: number[] = random(4) === 0 ? [...pick(), ...pick()] : [...pick()];
  for (let change = random(4); change > 0; change -= 1) bytes = changed(random, bytes);
  return Uint8Array.from(bytes);
}

function changed(random: Random, bytes: readonly number[]): number[] {
  const at = random(bytes.length + 1);
  const end = at + random(8);
  switch (random(6)) {
    case 0:
      return bytes.map((byte, index) => (index === at ? byte ^ (1 << random(8)) : byte));
    case 1:
      return bytes.map((byte, index) => (index === at ? random(256) : byte));
    case 2:
      return [...bytes.slice(0, at), random(256), ...bytes.slice(at)];
    case 3:
      return [...bytes.slice(0, at), ...bytes.slice(end)];
    case 4:
      return [...bytes.slice(0, end), ...bytes.slice(at)];
    default:
      // Long garbage, now and then.
      return random(50) === 0
        ? [...bytes.slice(0, at), ...Array.from({ length: 1_500 }, () => random(256))]
        : bytes.slice(0, at);
  }
}

/** Mulberry32: small, seeded, good enough to choose. */
export function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
