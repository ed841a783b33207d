/**
 * Somebody clones the repository and types `npm start`; somebody else types it in two terminals at once, pulls the plug
 * while npm installs, or has no network. A stand-in for npm alone is ours here: everything else is the real setup, in a
 * folder of its own, with entries that tell how they were called.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HUB_FLAGS, MEMORY_ENV, READ_ONLY } from './app.mjs';
import { ROOT } from './runtime.mjs';

/** Writes down that it was called, and with `ci` puts the pinned Node where the real one would. */
const NPM = `
  const { appendFileSync, existsSync, mkdirSync, rmSync, symlinkSync } = require('node:fs');
  const [command] = process.argv.slice(2);
  appendFileSync('calls', command + '\\n');
  if (existsSync('broken')) {
    console.error('npm error code ENOTFOUND\\nnpm error network no such host\\nnpm warn something else');
    process.exit(7);
  }
  if (command === 'ci') {
    rmSync('node_modules', { recursive: true, force: true });
    const bin = 'node_modules/node-linux-' + process.arch + '/bin';
    mkdirSync(bin, { recursive: true });
    symlinkSync(process.execPath, bin + '/node');
  }
`;
const ENTRY = `
  console.log(JSON.stringify({ args: process.argv.slice(2), cache: process.env.NODE_COMPILE_CACHE, pid: process.pid }));
  if (process.argv[2] === 'stay') setTimeout(() => process.exit(9), 60_000);
  if (process.argv[2] === 'trap') process.on('SIGTERM', () => process.exit(5)) && setTimeout(() => {}, 60_000);
  if (process.argv[2] === 'end') process.exit(Number(process.argv[3]));
`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'genkan-setup-'));
  cpSync(join(ROOT, 'build/setup'), join(root, 'build/setup'), { recursive: true });
  for (const file of ['build/setup.mjs', 'build/run.mjs']) cpSync(join(ROOT, file), join(root, file));
  mkdirSync(join(root, 'npm'));
  writeFileSync(join(root, 'npm/npm-cli.js'), NPM);
  writeFileSync(join(root, 'build/start.ts'), ENTRY);
  writeFileSync(join(root, 'build/check.ts'), ENTRY);
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module', dependencies: { zod: '4.0.0' } }));
  writeFileSync(join(root, 'npm/package.json'), '{}');
  writeFileSync(join(root, 'package-lock.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly complaints: () => string;
  readonly status: Promise<number | null>;
}

function run(script: string, ...args: string[]): Run {
  const env = { ...process.env, npm_execpath: join(root, 'npm/npm-cli.js'), npm_node_execpath: process.execPath };
  const child = spawn(process.execPath, [join(root, script), ...args], { cwd: root, env });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk;
  });
  const status = once(child, 'close').then(() => child.exitCode);
  return { child, output: () => output, complaints: () => complaints, status };
}

const npmCalls = () => (existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').split('\n') : []);
const installs = () => npmCalls().filter((call) => call === 'ci').length;

describe('npm start', () => {
  test('installs once, hands over with the arguments, and ends as what it started', async () => {
    const first = run('build/setup.mjs', 'start', 'end', '7');
    expect(await first.status).toBe(7);
    expect(JSON.parse(first.output())).toMatchObject({
      args: ['end', '7'],
      cache: join(root, 'dist', '.compile-cache'),
    });
    expect(first.complaints()).toMatch(/^Genkan: installing its packages with npm/);

    const second = run('build/setup.mjs', 'start', 'end', '0');
    expect(await second.status).toBe(0);
    expect(second.complaints()).toBe('');
    expect(npmCalls()).toEqual(['ci', 'rebuild', '']);
  });

  test('installs anew when the packages changed, and not when a script did', async () => {
    await run('build/setup.mjs', 'start', 'end', '0').status;
    writeFileSync(join(root, 'package.json'), JSON.stringify({ scripts: { x: 'y' }, dependencies: { zod: '4.0.0' } }));
    await run('build/setup.mjs', 'start', 'end', '0').status;
    expect(installs()).toBe(1);
    writeFileSync(join(root, 'package-lock.json'), '{"changed":true}');
    await run('build/setup.mjs', 'start', 'end', '0').status;
    expect(installs()).toBe(2);
  });

  test('a failed install is told in npm’s words and one of ours, and tried again the next time', async () => {
    writeFileSync(join(root, 'broken'), '');
    const failed = run('build/setup.mjs', 'start');
    expect(await failed.status).toBe(1);
    expect(failed.output()).toBe('');
    const [, ...told] = failed.complaints().trim().split('\n');
    expect(told.slice(0, 2)).toEqual(['npm error code ENOTFOUND', 'npm error network no such host']);
    expect(told.slice(2)).toEqual([expect.stringMatching(/npm ci failed \(exit 7\)/)]);
    rmSync(join(root, 'broken'));
    expect(await run('build/setup.mjs', 'start', 'end', '0').status).toBe(0);
  });

  test('two at once install once', async () => {
    const both = [run('build/setup.mjs', 'start', 'end', '3'), run('build/setup.mjs', 'start', 'end', '4')];
    expect(await Promise.all(both.map((one) => one.status))).toEqual([3, 4]);
    expect(installs()).toBe(1);
  });

  test('a lock that a killed install left behind holds nobody up', async () => {
    mkdirSync(join(root, 'dist'));
    const gone = spawn(process.execPath, ['-e', '0']);
    await once(gone, 'close');
    writeFileSync(join(root, 'dist/.install-lock'), String(gone.pid));
    expect(await run('build/setup.mjs', 'start', 'end', '0').status).toBe(0);
  });

  test('passes a signal on and ends as the program then ends', async () => {
    const start = run('build/setup.mjs', 'start', 'trap');
    await vi.waitFor(() => expect(start.output()).toContain('trap'), 10_000);
    start.child.kill('SIGTERM');
    expect(await start.status).toBe(5);
  });
});

/** Nobody may be there to take note of its end, so its entry may stay. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test.each([
  ['the shell above it', (command: string) => `${command}; true`],
  ['npm behind a shell', (command: string) => `sh -c '${command}; true'; true`],
])('what was started ends when %s is killed', async (_who, around) => {
  await run('build/setup.mjs', 'start', 'end', '0').status;
  const command = `"${process.execPath}" "${join(root, 'build/setup.mjs')}" start stay`;
  const parent = spawn('sh', ['-c', around(command)], { env: { ...process.env, npm_lifecycle_event: 'start' } });
  let output = '';
  parent.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  await vi.waitFor(() => expect(output).toContain('stay'), 10_000);
  const { pid } = JSON.parse(output);
  expect(isRunning(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 10_000);
});

describe('the other scripts', () => {
  test('say what to do where nothing is installed', async () => {
    const decide = run('build/run.mjs', 'genkan', 'decide', 'x.json');
    expect(await decide.status).toBe(1);
    expect(decide.complaints()).toBe('Genkan is not installed here: run npm start once\n');
    expect(decide.output()).toBe('');
    expect(npmCalls()).toEqual([]);
  });

  test('hand over, in the folder where the user stands', async () => {
    await run('build/setup.mjs', 'start', 'end', '0').status;
    const check = run('build/run.mjs', 'check', 'end', '6');
    expect(await check.status).toBe(6);
    expect(JSON.parse(check.output())).toMatchObject({ args: ['end', '6'] });
  });

  test('start a hub so that it takes little memory; what the operator has set stands', async () => {
    await run('build/setup.mjs', 'start', 'end', '0').status;
    writeFileSync(join(root, 'build/bundle.ts'), `process.exit(${READ_ONLY})`);
    mkdirSync(join(root, 'sync/hub'), { recursive: true });
    const tell = 'console.log(JSON.stringify([process.execArgv, process.env.MALLOC_ARENA_MAX]))';
    writeFileSync(join(root, 'sync/hub/run.ts'), tell);
    const told = async () => {
      const hub = run('build/run.mjs', 'hub');
      await hub.status;
      return JSON.parse(hub.output());
    };
    vi.stubEnv('MALLOC_ARENA_MAX', undefined);
    expect(await told()).toEqual([[...HUB_FLAGS], MEMORY_ENV['MALLOC_ARENA_MAX']]);
    vi.stubEnv('MALLOC_ARENA_MAX', '3');
    expect(await told()).toEqual([[...HUB_FLAGS], '3']);
    vi.unstubAllEnvs();
  });

  test('name what there is when asked for something else', async () => {
    await run('build/setup.mjs', 'start', 'end', '0').status;
    const other = run('build/run.mjs', 'dance');
    expect(await other.status).toBe(2);
    expect(other.complaints()).toMatch(/wants one of genkan, hub, .*, and dance is not there/);
  });
});
