/** `npm run -s hubctl -- COMMAND`. */
import { text } from 'node:stream/consumers';
import { runHubctl } from './ctl/program.ts';

// Whoever read what was said has seen enough, as `| head` does.
process.stdout.on('error', () => process.exit(0));
process.exitCode = await runHubctl(process.argv.slice(2), {
  env: process.env,
  console: {
    out: (line) => void process.stdout.write(line),
    err: (line) => void process.stderr.write(line),
    input: () => text(process.stdin),
  },
});
