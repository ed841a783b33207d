/** `npm run -s hubctl -- COMMAND`. */
import { ownTerminal } from '../../main/seal/terminal.ts';
import { runHubctl } from './ctl/program.ts';

process.stdout.on('error', (error) => {
  const code = 'code' in error ? String(error.code) : 'unknown';
  // Whoever read what was said has seen enough, as `| head` does.
  if (code === 'EPIPE') process.exit(0);
  process.stderr.write(`hubctl: standard output can’t be written (${code})\n`);
  process.exit(1);
});
process.exitCode = await runHubctl(process.argv.slice(2), {
  env: process.env,
  console: {
    out: (line) => void process.stdout.write(line),
    err: (line) => void process.stderr.write(line),
  },
  asked: ownTerminal(process),
});
