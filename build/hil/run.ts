/** `npm run hil [SUITE …]`: the locks' and readers' drivers, and the guard, on a real kernel with simulated hardware. */
import { finish } from '../test/report.ts';
import { runHil } from './hil.ts';

const count = await runHil(process.argv.slice(2));
if (count.passed + count.failed > 0) finish([count]);
