// The installed program's own eyes: real ports, a real controller beside it, a real relay that clicks once.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { Appliance, DEMO_SITE, genkan, UnitFolder } from '../../build/e2e/appliance.ts';
import { SystemClock } from '../../device/clock/system.ts';
import { Pty } from '../../device/sim/pty.ts';
import { until } from '../../device/sim/wait.ts';

const Report = z.strictObject({
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string(), todo: z.string().nullable() }),
  ),
});

async function doctor(folder: UnitFolder) {
  const { code, stdout, stderr } = await genkan(['doctor', '--json', '--config', folder.config]);
  const report = Report.parse(JSON.parse(stdout));
  expect([code, stderr]).toEqual([report.ok ? 0 : 1, '']);
  const of = (name: string) => report.checks.find((check) => check.name === name);
  return { ...report, of, failed: report.checks.filter(({ ok }) => !ok).map(({ name }) => name) };
}

interface Ports {
  readonly folder: UnitFolder;
  readonly relay: Pty;
  readonly scanner: Pty;
}

async function unitWithPorts(): Promise<Ports> {
  const clock = new SystemClock();
  const [relay, scanner] = [await Pty.make(clock, 'relay'), await Pty.make(clock, 'scanner')];
  const front = {
    ...{ id: 'front', pulseMs: 300 },
    lock: { driver: 'serial-relay', protocol: 'lcus', path: relay.path },
    readers: [{ id: 'front-in', driver: 'serial', path: scanner.path }],
  };
  const folder = new UnitFolder({ doors: [front] });
  onTestFinished(async () => {
    folder.remove();
    await Promise.all([relay.remove(), scanner.remove()]);
  });
  return { folder, relay, scanner };
}

test('before the first start: ports looked at from outside; then held by somebody, then pulled out', async () => {
  const { folder, relay, scanner } = await unitWithPorts();
  const first = await doctor(folder);
  expect(first.failed).toEqual([]);
  expect(first.of('doors/front/lock')?.detail).toContain('is there, permitted and free');
  expect(first.of('controller')?.detail).toContain('does not run');
  const holder = spawn('sh', ['-c', 'exec 3<>"$0"; echo held; read -r line', scanner.path], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let said = '';
  holder.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  await until('somebody holds the scanner', () => said.includes('held'));
  const held = await doctor(folder);
  expect(held.failed).toEqual(['doors/front/readers/front-in']);
  expect(held.of('doors/front/readers/front-in')?.detail).toContain(`sh (process ${holder.pid})`);
  holder.kill();
  await relay.unplug();
  expect((await doctor(folder)).failed).toContain('doors/front/lock');
  // Nothing was sent to any device.
  expect(relay.recorded).toEqual([]);
});

test('beside a running controller it asks, and disturbs nothing', async () => {
  const { folder, relay, scanner } = await unitWithPorts();
  const unit = await Appliance.start(folder);
  await unit.healthy('the unit is ok');
  await until('the board has its rest frame', () => relay.hex() === 'a0 01 00 a1');
  const sent = relay.recorded.length;
  const report = await doctor(folder);
  expect(report.failed).toEqual([]);
  expect(report.of('controller')?.detail).toContain(`process ${(await unit.health()).pid}`);
  expect(report.of('data/database')?.detail).toContain('is whole');
  await scanner.unplug();
  await unit.healthy('the scanner is missed', ({ devices }) => devices.some(({ ok }) => !ok));
  expect((await doctor(folder)).failed).toEqual(['doors/front/front-in']);
  const test = await genkan(['doctor', '--test', 'front', '--config', folder.config]);
  expect(test).toMatchObject({ code: 1, stdout: expect.stringContaining('a controller runs') });
  expect(relay.recorded).toHaveLength(sent);
  process.kill(unit.pid, 'SIGSTOP');
  const hung = await doctor(folder);
  process.kill(unit.pid, 'SIGCONT');
  expect(hung.failed).toEqual(['controller']);
  expect(hung.of('controller')?.detail).toContain('does not answer in 5 s');
  await unit.stop();
});

test('--test opens the door once, on the record, and leaves it locked', async () => {
  const { folder, relay } = await unitWithPorts();
  const tested = await genkan(['doctor', '--test', 'front', '--config', folder.config]);
  expect(tested).toMatchObject({ code: 0, stdout: expect.stringContaining('the relay was on for') });
  const frames = relay.hex();
  expect(frames.split('a0 01 01 a2')).toHaveLength(2);
  expect(frames.endsWith('a0 01 00 a1')).toBe(true);
  expect(folder.events().map(({ type, detail }) => [type, detail['what'], detail['ended']])).toEqual([
    ['system', 'test', undefined],
    ['system', 'test', 'at rest'],
  ]);
  await relay.unplug();
  const away = await genkan(['doctor', '--test', 'front', '--config', folder.config]);
  expect(away).toMatchObject({ code: 1, stdout: expect.stringContaining('is not there') });
  expect(await genkan(['doctor', '--test', 'back', '--config', folder.config])).toMatchObject({ code: 1 });
  expect(folder.events()).toHaveLength(2);
});

test('the demo is well; words end with the sum; a wrong configuration still gets the rest', async () => {
  const { folder } = await unitWithPorts();
  const words = await genkan(['doctor', '--config', folder.config]);
  expect(words).toMatchObject({ code: 0, stdout: expect.stringMatching(/all \d+ checks passed\n$/) });
  writeFileSync(folder.config, '{"doors": 1}');
  const wrong = await doctor(folder);
  expect(wrong.failed).toEqual(['config']);
  expect(wrong.of('config')?.detail).toContain('doors: a list');
  expect(wrong.of('kernel')).toBeDefined();
  expect(await genkan(['doctor', 'more', '--config', folder.config])).toMatchObject({ code: 2 });
});

test('anti-passback deny without an exit reader is told before the first start', async () => {
  const { folder } = await unitWithPorts();
  const site = JSON.parse(readFileSync(DEMO_SITE, 'utf8'));
  site.doors[0].passback = 'deny';
  writeFileSync(join(folder.path, 'site.json'), JSON.stringify(site));
  folder.configure({
    site: 'site.json',
    doors: [{ id: 'front', lock: { driver: 'sim' }, readers: [{ id: 'front-in', driver: 'sim' }] }],
  });
  const report = await doctor(folder);
  expect(report.failed).toEqual(['passback/front']);
});
