// Which Node runs Genkan: the pinned one where it exists as a package, else the one that is here if it is new enough.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const OWN_NODE_FROM = 24;

/** Architecture → what the pinned Node's binary names as its loader; not there with musl. */
const GLIBC_LOADERS = new Map([
  ['x64', '/lib64/ld-linux-x86-64.so.2'],
  ['arm64', '/lib/ld-linux-aarch64.so.1'],
]);

/**
 * The Node that runs everything but the setup itself. It may not be installed yet.
 * @param {string} root
 * @returns {{ node: string, pinned: boolean, problem: string | null }}
 */
export function findRuntime(root) {
  if (isPinnedFor()) {
    const node = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
    return { node, pinned: true, problem: null };
  }
  const isNewEnough = Number(process.versions.node.split('.')[0]) >= OWN_NODE_FROM;
  const problem =
    `Genkan brings its own Node only to Linux with glibc on x64 and arm64; on this ${process.platform}-${process.arch} ` +
    `Node ${OWN_NODE_FROM} or newer must be installed, this is ${process.versions.node}`;
  return { node: process.execPath, pinned: false, problem: isNewEnough ? null : problem };
}

function isPinnedFor() {
  return process.platform === 'linux' && existsSync(GLIBC_LOADERS.get(process.arch) ?? '');
}

/** Where the user stands. npm goes to the package's folder first, so that a relative file of theirs would not be found. */
export function userFolder() {
  const { INIT_CWD: folder, npm_lifecycle_event: script } = process.env;
  const isFromNpm = process.cwd() === ROOT && script !== undefined;
  return isFromNpm && folder !== undefined && existsSync(folder) ? folder : process.cwd();
}
