// The installed unit is only as safe as its service files: a typing error in a path, and nothing puts the locks to rest
// when both processes are gone; a watchdog without a notification, and a hung unit hangs for ever.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ENTRIES } from '../bundle.ts';
import { MEMORY_ENV } from '../setup/app.mjs';
import { NODE_FLAGS } from '../start/node-flags.ts';

function settings(name: string): Map<string, string> {
  const lines = readFileSync(join(import.meta.dirname, name), 'utf8').split('\n');
  const pairs = lines.filter((line) => /^[A-Z]\w+=/.test(line)).map((line) => line.split(/=(.*)/s));
  return new Map(pairs.map(([key = '', value = '']) => [key, value]));
}

const unit = settings('genkan.service');
const atBoot = settings('genkan-rest.service');
const GUARD = 'guard.js --rest /etc/genkan/genkan.config.json';

test('at boot and after every end the guard puts the locks of the configuration to rest that the controller starts with', () => {
  expect(unit.get('ExecStopPost')).toMatch(GUARD);
  expect(atBoot.get('ExecStart')).toBe(unit.get('ExecStopPost'));
  expect(unit.get('ExecStart')).toMatch(/genkan\.js start --config \/etc\/genkan\/genkan\.config\.json$/);
  expect(atBoot.get('Before')).toContain('genkan.service');
});

test('the programs are those that are bundled', () => {
  const programs = [unit, atBoot].flatMap((one) => [one.get('ExecStart') ?? '', one.get('ExecStopPost') ?? '']);
  const named = programs.flatMap((command) => command.match(/\/dist\/app\/(\w+)\.js/)?.[1] ?? []);
  expect(named).toHaveLength(3);
  expect(Object.keys(ENTRIES)).toEqual(expect.arrayContaining(named));
});

test('Node is started as it is measured: what a first sync takes at most is that of the installed unit', () => {
  const [, flags = ''] = /\/bin\/node (.+?) ?\/usr/.exec(unit.get('ExecStart') ?? '') ?? [];
  expect(flags.split(' ')).toEqual(NODE_FLAGS);
  const memory = Object.entries(MEMORY_ENV).map(([name, value]) => `${name}=${value}`);
  expect(unit.get('Environment')).toBe(memory.join(' '));
});

test('it says when it is ready and that it lives; silent it is killed with all that belongs to it, and started again', () => {
  expect(Object.fromEntries(unit)).toMatchObject({
    Type: 'notify',
    Restart: 'always',
    WatchdogSignal: 'SIGKILL',
    KillMode: 'control-group',
    StartLimitIntervalSec: '0',
  });
  // The guard hangs for 5.25 s, then another one starts: half the time must be enough for that.
  expect(Number(unit.get('WatchdogSec'))).toBeGreaterThanOrEqual(30);
});

test('devices are opened by groups that the service is in', () => {
  const rules = readFileSync(join(import.meta.dirname, '70-genkan.rules'), 'utf8');
  const groups = new Set([...rules.matchAll(/^[^#].*GROUP="(\w+)"/gm)].map(([, group]) => group));
  const own = [unit.get('User'), ...(unit.get('SupplementaryGroups') ?? '').split(' ')];
  expect(own).toEqual(expect.arrayContaining([...groups]));
  expect(groups.size).toBe(4);
});

test('a technician may write the configuration that it starts with, and a stick', () => {
  const folder = /--config (\S+)\/[^/]+$/.exec(unit.get('ExecStart') ?? '')?.[1] ?? 'nowhere';
  const writable = (unit.get('ReadWritePaths') ?? '').split(' ');
  expect(writable).toEqual(expect.arrayContaining([folder, '-/media', '-/run/media', '-/mnt']));
});
