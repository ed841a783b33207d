/**
 * `npm run conformance -- URL CODE [CODE]`: tries a hub from outside, rule by rule. The codes pair new units, both at
 * the same site, of a tenant made for this: what is tried stays in its record. Exit status 1 where a rule failed.
 */
import { readFileSync } from 'node:fs';
import { SystemClock } from '../../device/clock/system.ts';
import { WIRE } from '../wire/limits.ts';
import { DATA } from './data-rules.ts';
import { GREETING } from './greeting-rules.ts';
import { type Outcome, runSuite } from './suite.ts';
import { Call } from './unit.ts';

const WAIT_MS = 5_000;
const USAGE = 'usage: npm run conformance -- ws://HOST:PORT/v1/unit CODE [CODE of a second unit at the same site]';

function line({ id, text, result, detail }: Outcome): string {
  const why = result === 'ok' ? '' : ` (${detail})`;
  return `${result.padEnd(8)} ${id}: ${text}${why}\n`;
}

/** Where nobody says anything each rule would fail, each in words of its own. */
async function isThere(call: Call): Promise<boolean> {
  const speaks = () => call.inbox.length + call.strange.length > 0 || undefined;
  const isThere = await call.until(speaks, 'a word').catch(() => false);
  call.end();
  return isThere;
}

async function main(): Promise<number> {
  const [url = '', ...codes] = process.argv.slice(2);
  if (!/^wss?:\/\//.test(url) || codes.length > 2) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const caFile = process.env['NODE_EXTRA_CA_CERTS'];
  const ca = caFile === undefined ? null : readFileSync(caFile, 'utf8');
  const place = { clock: new SystemClock(), waitMs: WAIT_MS, ca };
  if (!(await isThere(new Call(url, { ...place, subprotocol: WIRE.subprotocol })))) {
    process.stderr.write(`conformance: no hub speaks at ${url}: is it running, and is this its address for units?\n`);
    return 1;
  }
  const outcomes = await runSuite([...GREETING, ...DATA], {
    ...place,
    url,
    codes: codes.map((code) => code.replaceAll('-', '').toUpperCase()),
    told: (outcome) => void process.stdout.write(line(outcome)),
  });
  const failed = outcomes.filter(({ result }) => result === 'failed').length;
  const passed = outcomes.filter(({ result }) => result === 'ok').length;
  process.stdout.write(`${passed} ok, ${failed} failed, ${outcomes.length - passed - failed} left out\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
