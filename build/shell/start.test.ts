/**
 * `npm start` on a machine with a screen: the start script starts Electron's binary on the bundled shell with the
 * address alone on its command line, and the controller's words go through the pipe. The binary here is the pinned
 * Node with the stand-in; the bundle, the processes, the pipe and the page are real.
 */
import type { ChildProcess } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundleShell } from './bundle.ts';
import { electronBinary, fetchElectron, startShell } from './start.mjs';
import { TestSite } from './test-site.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const TOKEN = 'token-of-this-unit-0123456789-0123456789-abcd';
const PERMIT = 'permit-for-one-call-0123456789-0123456789-ab';
const DISPLAY = { DISPLAY: ':99' };

let folder: string;
let roots = 0;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genkan-start-'));
  await bundleShell(join(folder, 'bundle'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.kill('SIGTERM')) await exitOf(child);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A clone with an Electron whose binary is `script`. */
async function makeRoot(script: string): Promise<string> {
  roots += 1;
  const root = join(folder, `root-${roots}`);
  const electron = join(root, 'node_modules/electron');
  await mkdir(join(electron, 'dist'), { recursive: true });
  await writeFile(join(electron, 'package.json'), JSON.stringify({ version: '45.4.1' }));
  await writeFile(join(electron, 'path.txt'), 'electron');
  await writeFile(join(electron, 'dist/version'), '45.4.1');
  await writeFile(join(electron, 'dist/electron'), `#!/bin/sh\n${script}\n`);
  await chmod(join(electron, 'dist/electron'), 0o755);
  await cp(join(folder, 'bundle'), join(root, 'dist/shell'), { recursive: true });
  return root;
}

const STAND_IN = `exec '${process.execPath}' --import '${join(import.meta.dirname, 'electron-hook.ts')}' "$@"`;

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
}

interface Running {
  readonly child: ChildProcess;
  readonly listenTo: (pipe: PassThrough) => void;
}

function start(root: string, url: string, pipe: PassThrough, env: Record<string, string> = DISPLAY): Running {
  const started = startShell({ url, pipe, root, env: { PATH: process.env['PATH'], HOME: folder, ...env } });
  if (!started.started) throw new Error(started.line);
  children.push(started.child);
  return started;
}

function say(pipe: PassThrough, line: object): void {
  pipe.write(`${JSON.stringify(line)}\n`);
}

describe('with a screen and the binary', () => {
  test('the packed scripts show the page, take the token from the pipe, and end by the permit', async () => {
    const script = `fetch('/permit').then((r) => r.text()).then((permit) => genkanShell.quit(permit));`;
    const site = await new TestSite({
      script,
      answer: (path, res) => {
        if (path !== '/permit') return false;
        say(pipe, { permit: PERMIT });
        res.end(PERMIT);
        return true;
      },
    }).start();
    const pipe = new PassThrough();
    const first = site.next('/');
    const { child } = start(await makeRoot(STAND_IN), site.url, pipe);
    const exit = exitOf(child);
    say(pipe, { token: TOKEN });
    expect((await first).headers['x-genkan-shell']).toBe(TOKEN);
    // Its exit is what the permit shows: the window may go before the page could tell anybody.
    expect(await exit).toBe(0);
    await site.stop();
  });

  test('a controller that is started anew hands the shell its own token', async () => {
    const site = await new TestSite().start();
    const [one, two] = [new PassThrough(), new PassThrough()];
    const { listenTo } = start(await makeRoot(STAND_IN), site.url, one);
    const loaded = site.next('/told');
    say(one, { token: TOKEN });
    await loaded;
    one.end();
    await finished(one);
    const again = site.next('/');
    listenTo(two);
    say(two, { token: TOKEN.toUpperCase() });
    expect((await again).headers['x-genkan-shell']).toBe(TOKEN.toUpperCase());
    await site.stop();
  });

  test('SIGTERM ends it, as systemd stops it', async () => {
    const site = await new TestSite().start();
    const loaded = site.next('/told');
    const pipe = new PassThrough();
    const { child } = start(await makeRoot(STAND_IN), site.url, pipe);
    say(pipe, { token: TOKEN });
    await loaded;
    const exit = exitOf(child);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    await site.stop();
  });

  test('a wrong address ends it with status 2', async () => {
    const { child } = start(await makeRoot(STAND_IN), 'http://example.com/', new PassThrough());
    expect(await exitOf(child)).toBe(2);
  });

  test('no secret and no meddling variable reaches its command line or environment', async () => {
    const out = join(folder, 'seen');
    const root = await makeRoot(`{ echo "$@"; env; } > '${out}'`);
    const env = {
      WAYLAND_DISPLAY: 'w',
      NODE_OPTIONS: '--inspect',
      ELECTRON_RUN_AS_NODE: '1',
      npm_config_x: '1',
      LANG: 'ja',
    };
    const pipe = new PassThrough();
    const { child } = start(root, 'http://127.0.0.1:8377/', pipe, env);
    say(pipe, { token: TOKEN });
    await exitOf(child);
    const seen = await readFile(out, 'utf8');
    expect(seen.split('\n')[0]).toBe(`${join(root, 'dist/shell')} --controller=http://127.0.0.1:8377/`);
    expect(seen).not.toMatch(/token|NODE_|ELECTRON_|npm_/);
    expect(seen).toContain('LANG=ja');
  });
});

describe('otherwise it says in one line why not', () => {
  const pipe = new PassThrough();
  const url = 'http://127.0.0.1:8377/';

  test('no screen', () => {
    expect(startShell({ url, pipe, env: {} })).toEqual({ started: false, line: 'Shell not started: no display' });
    expect(startShell({ url, pipe, env: { DISPLAY: '' } }).started).toBe(false);
  });

  test("no binary, none for this version, or one that can't be run; and nothing is fetched", async () => {
    const line = "Shell not started: Electron's binary is not installed; npm start -- --shell fetches it";
    const root = await makeRoot('exit 0');
    const electron = join(root, 'node_modules/electron');
    const refused = (): void => expect(startShell({ url, pipe, root, env: DISPLAY })).toEqual({ started: false, line });
    await writeFile(join(electron, 'install.js'), `require('fs').writeFileSync('${join(root, 'fetched')}', '')`);
    await writeFile(join(electron, 'dist/version'), '44.0.0');
    refused();
    await writeFile(join(electron, 'dist/version'), 'v45.4.1\n');
    expect(electronBinary(root)).toBe(join(electron, 'dist/electron'));
    await chmod(join(electron, 'dist/electron'), 0o644);
    refused();
    await rm(join(electron, 'dist'), { recursive: true });
    refused();
    await rm(electron, { recursive: true });
    refused();
    await expect(readFile(join(root, 'fetched'))).rejects.toThrow();
  });

  test('no bundle', async () => {
    const root = await makeRoot('exit 0');
    await rm(join(root, 'dist'), { recursive: true });
    expect(startShell({ url, pipe, root, env: DISPLAY })).toEqual({
      started: false,
      line: 'Shell not started: it is not bundled; npm start bundles it',
    });
  });
});

describe('fetching, only when asked', () => {
  test("runs the package's own installer", async () => {
    const root = await makeRoot('exit 0');
    const electron = join(root, 'node_modules/electron');
    const version = join(electron, 'dist/version');
    await rm(version);
    await writeFile(join(electron, 'install.js'), `require('fs').writeFileSync('${version}', '45.4.1')`);
    expect(await fetchElectron({ node: process.execPath, root })).toBeNull();
  });

  test('says in one line that it failed', async () => {
    const root = await makeRoot('exit 0');
    const line = "Electron's binary could not be fetched; the page works in any browser";
    await writeFile(join(root, 'node_modules/electron/install.js'), 'process.exit(1)');
    expect(await fetchElectron({ node: process.execPath, root })).toBe(line);
    expect(await fetchElectron({ node: join(root, 'no-node'), root })).toBe(line);
  });
});
