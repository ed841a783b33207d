/** `npm run -s hubctl -- COMMAND`. */
import { ownTerminal } from '../../main/seal/terminal.ts';
import { runHubctl } from './ctl/program.ts';

process.exitCode = await runHubctl(process.argv.slice(2), {
  env: process.env,
  console: {
    out: (line) => void process.stdout.write(line),
    err: (line) => void process.stderr.write(line),
  },
  asked: ownTerminal(process),
});
