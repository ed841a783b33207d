// Installs the packages exactly as the lock file says, without running any of their scripts.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { say } from './say.mjs';

/** Written last, removed by npm first: what is there without it is half an install. */
const STAMP = join('node_modules', '.genkan-setup');
const SIGN_OF_LIFE_MS = 10_000;
const REBUILD_LIMIT_MS = 180_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @param {string} root */
export function isInstalled(root) {
  try {
    return readFileSync(join(root, STAMP), 'utf8') === fingerprint(root);
  } catch {
    return false;
  }
}

/**
 * Installs into `root`, saying on standard error what happens. False where it failed; the reason has been said.
 * @param {string} root
 * @param {string} node the Node that will run Genkan
 * @returns {Promise<boolean>}
 */
export async function install(root, node) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  return withLock(join(root, 'dist', '.install-lock'), async () => {
    if (isInstalled(root)) return true;
    say('Genkan: installing its packages with npm (once, about a minute) …');
    const began = process.hrtime.bigint();
    const options = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
    const { status, output } = await runNpm(root, ['ci', ...options], {});
    if (status !== 0) {
      say(essence(output));
      say(`Genkan: npm ci failed (exit ${status}), see above; once that is mended, run the same command again`);
      return false;
    }
    await buildEpoll(root, node);
    writeFileSync(join(root, STAMP), fingerprint(root));
    say(`Genkan: installed in ${seconds(began)} s`);
    return true;
  });
}

/** What an install follows from. package.json's scripts and texts are not part of it. @param {string} root */
function fingerprint(root) {
  const { dependencies, devDependencies, optionalDependencies, overrides } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const wanted = { dependencies, devDependencies, optionalDependencies, overrides };
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(JSON.stringify([wanted, process.platform, process.arch]))
    .digest('hex');
}

/**
 * epoll is the one package that must be compiled; only onoff needs it, for old kernels' GPIO. Not having it is no fault.
 * @param {string} root @param {string} node
 */
async function buildEpoll(root, node) {
  const nodeFolder = dirname(dirname(node));
  const env = {
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
    // Without it epoll is compiled for whatever Node runs npm. The flag --nodedir of old is an error in npm 12.
    npm_package_config_node_gyp_nodedir: nodeFolder,
  };
  await runNpm(root, ['rebuild', 'epoll', '--ignore-scripts=false'], { env, limitMs: REBUILD_LIMIT_MS });
  const { status } = await run(node, ['-e', "require('epoll')"], { cwd: root });
  if (status !== 0) say('Genkan: epoll could not be compiled; only gpio-sysfs locks, for very old kernels, need it');
}

/** The npm that runs us, else the one on PATH. @param {string} root @param {string[]} args @param {object} options */
function runNpm(root, args, options) {
  const { npm_execpath: script = '', npm_node_execpath: node = process.execPath } = process.env;
  const isNpm = basename(script) === 'npm-cli.js';
  return isNpm ? run(node, [script, ...args], { cwd: root, ...options }) : run('npm', args, { cwd: root, ...options });
}

/**
 * Runs quietly, with a sign of life.
 * @param {string} command @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string>, limitMs?: number }} options
 * @returns {Promise<{ status: number | string, output: string }>}
 */
function run(command, args, { cwd, env = {}, limitMs }) {
  return new Promise((resolve) => {
    const began = process.hrtime.bigint();
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const sign = setInterval(() => say(`Genkan: still at it, ${seconds(began)} s`), SIGN_OF_LIFE_MS);
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      child.kill(signal);
      process.exit(1);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    const limit = limitMs === undefined ? undefined : setTimeout(() => child.kill(), limitMs);
    const end = (/** @type {number | string} */ status) => {
      clearInterval(sign);
      clearTimeout(limit);
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve({ status, output });
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code, signal) => end(code ?? signal ?? 1));
  });
}

/** npm's own account of what went wrong, without its help text. @param {string} output */
function essence(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => /^npm (error|ERR!) \S/.test(line));
  return (errors.length > 0 ? errors.slice(0, 8) : lines.slice(-8)).join('\n');
}

/** @param {bigint} began */
function seconds(began) {
  return Math.round(Number(process.hrtime.bigint() - began) / 1e9);
}
