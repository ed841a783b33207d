/**
 * Starts the shell beside a controller, where there is a screen and Electron's binary. Plain JavaScript: the start
 * script runs on whatever Node the machine has. Nothing here loads the package `electron`, which would download.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Such variables change what a Node or an Electron does; the shell is to do what its files say. */
const MEDDLING = /^(NODE_|ELECTRON_|npm_)/i;

/** The path of Electron's binary; null where it isn't installed, or is of another version than the package. */
export function electronBinary(root = ROOT) {
  const folder = join(root, 'node_modules/electron');
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (readFileSync(join(folder, 'dist/version'), 'utf8').trim().replace(/^v/, '') !== version) return null;
    const binary = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    accessSync(binary, constants.X_OK);
    return binary;
  } catch {
    return null;
  }
}

/** Starts the shell, or says in one line why not. See `start.d.mts`. */
export function startShell({ url, pipe, env = process.env, root = ROOT }) {
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return { started: false, line: 'Shell not started: no display' };
  const binary = electronBinary(root);
  if (binary === null) {
    return {
      started: false,
      line: "Shell not started: Electron's binary is not installed; npm start -- --shell fetches it",
    };
  }
  const app = join(root, 'dist/shell');
  if (!existsSync(join(app, 'main.js'))) {
    return { started: false, line: 'Shell not started: it is not bundled; npm start bundles it' };
  }
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !MEDDLING.test(name)));
  // Standard output is the start script's, which promises one line on it.
  const child = spawn(binary, [app, `--controller=${url}`], { env: kept, stdio: ['pipe', 2, 2] });
  // It tells by its exit, which a caller may listen to; a shell that is gone takes no more lines.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  // The shell's pipe outlives a controller: the next one's is joined to it.
  const listenTo = (next) => next.pipe(child.stdin, { end: false });
  listenTo(pipe);
  return { started: true, child, listenTo };
}

/** Downloads Electron's binary, as its package would by itself. See `start.d.mts`. */
export function fetchElectron({ node, root = ROOT }) {
  const script = join(root, 'node_modules/electron/install.js');
  return new Promise((settle) => {
    const failed = () => settle("Electron's binary could not be fetched; the page works in any browser");
    const child = spawn(node, [script], { stdio: ['ignore', 2, 2] });
    child.once('error', failed);
    child.once('exit', (code) => (code === 0 && electronBinary(root) !== null ? settle(null) : failed()));
  });
}
