/** Every boundary's fuzzing, a million inputs each: seeded, in slices, with what must hold of share and memory. */
import { FUZZES, type Fuzz } from '../../device/captures/harness.ts';
import { fuzzTerminals } from '../../main/api/lan/test-fuzz.ts';
import { fuzzHub } from '../../sync/hub/test-fuzz.ts';
import { fuzzFromHub } from '../../sync/link/test-hostile-hub.ts';
import { PARSER_FUZZES } from './fuzz-parsers.ts';
import { WIRE_FUZZES } from './fuzz-wire.ts';
import { heapNow } from './heap.ts';

export interface FuzzOutcome {
  readonly name: string;
  readonly inputs: number;
  /** Past the framing. */
  readonly framed: number;
  /** From the end of the first slice to that of the last one, with nothing left to collect. */
  readonly grownBytes: number;
  readonly findings: readonly string[];
}

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  readonly progress: (line: string) => void;
}

const SLICES = 20;
const LEAST_FRAMED = 0.2;
/** What compiled code and caches take; a leak of 10 bytes an input is more in a million. */
const MOST_GROWN_BYTES = 8_000_000;

/** Over real sockets, with the judge and the record behind it. */
const TERMINALS: Fuzz = {
  name: 'terminals’ endpoint',
  run: async (inputs, seed) => {
    const { pastFraming: framed, findings, grownBytes } = await fuzzTerminals({ inputs, seed });
    return { inputs, framed, findings, heapGrowthBytes: grownBytes };
  },
};

/** A unit's messages, with sessions, commits and the store behind them. */
const HUB: Fuzz = { name: 'hub’s units', run: fuzzHub };

/** A hub's messages, with the link and a unit's store behind them. */
const UNIT: Fuzz = { name: 'unit’s hub', run: fuzzFromHub };

export const ALL_FUZZES: readonly Fuzz[] = [...FUZZES, ...PARSER_FUZZES, ...WIRE_FUZZES, TERMINALS, HUB, UNIT];

export async function fuzzCampaign(fuzz: Fuzz, { inputs, seed, progress }: FuzzOptions): Promise<FuzzOutcome> {
  const findings: string[] = [];
  const heaps: number[] = [];
  let [done, framed] = [0, 0];
  for (let slice = 0; done < inputs; slice += 1) {
    const size = Math.min(Math.ceil(inputs / SLICES), inputs - done);
    const report = await fuzz.run(size, seed + slice);
    done += size;
    framed += report.framed;
    findings.push(...report.findings);
    heaps.push(heapNow());
    progress(`${fuzz.name}: ${done} of ${inputs}, ${framed} past the framing, ${findings.length} findings`);
  }
  const grownBytes = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0);
  if (framed < LEAST_FRAMED * inputs) findings.push(`${fuzz.name}: ${framed} of ${inputs} past the framing, too few`);
  if (grownBytes > MOST_GROWN_BYTES) findings.push(`${fuzz.name}: the heap grew by ${grownBytes} bytes`);
  return { name: fuzz.name, inputs, framed, grownBytes, findings };
}
