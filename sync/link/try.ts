import { fuzzSync } from './test-fuzz.ts';
import { REAL } from './test-fuzz-real.ts';

const n = Number(process.argv[2] ?? 1),
  from = Number(process.argv[3] ?? 1),
  steps = Number(process.argv[4] ?? 60);
const t = performance.now();
const r = await fuzzSync(
  Array.from({ length: n }, (_, i) => i + from),
  { ...REAL, steps },
);
console.log(performance.now() - t, r.events, r.connections);
for (const f of r.findings) console.log(f);
