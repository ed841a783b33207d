/** `npm run hub`: the reference hub. Ends with 1 and one line where it can't start, with 0 within 2 s on SIGTERM. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { readConfig } from './config.ts';
import { makeLog, placeOf } from './log.ts';
import { startHub } from './wire.ts';

const Manifest = z.object({ version: z.string() });

/** From the package.json above, which lies at the same depth over the source and over the bundle. */
function versionOf(): string {
  const file = join(dirname(import.meta.filename), '../../package.json');
  return Manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

function fail(lines: readonly string[]): void {
  process.stderr.write(lines.map((line) => `genkan hub: ${line}\n`).join(''));
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (!config.ok) return fail(config.error);
  const log = makeLog();
  const say = (line: string) => void process.stdout.write(`Genkan hub: ${line}\n`);
  const hub = await startHub({ config: config.value, version: versionOf(), pid: process.pid, log, announce: say });
  if (!hub.ok) return fail([hub.error]);
  say(hub.value.url);
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    hub.value.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.warn({ place: placeOf(error) }, 'the hub did not end as it should');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

await main();
