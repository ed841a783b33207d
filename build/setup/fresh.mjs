// Whether something built is still what its sources would give.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const NOT_BUILT = /\.test\.tsx?$|\.md$/;

/**
 * The state of files as one word: paths, sizes and times of change (older counts as well as newer). About 5 ms for 300.
 * @param {string} root
 * @param {readonly string[]} paths files and folders below `root`; what isn't there counts as that
 * @returns {string}
 */
export function fingerprint(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) for (const line of describe(root, path)) hash.update(`${line}\n`);
  return hash.digest('hex');
}

/**
 * @param {string} stamp the file that the build wrote last
 * @param {string} state of its sources now
 */
export function isFresh(stamp, state) {
  try {
    return readFileSync(stamp, 'utf8') === state;
  } catch {
    return false;
  }
}

/** @param {string} root @param {string} path @returns {string[]} */
function describe(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat === undefined) return [`${path} none`];
  if (!stat.isDirectory()) return [`${path} ${stat.size} ${stat.mtimeMs}`];
  return readdirSync(join(root, path))
    .filter((name) => !NOT_BUILT.test(name))
    .sort()
    .flatMap((name) => describe(root, `${path}/${name}`));
}
