// What both the launcher (plain JavaScript) and the bundler know about the bundled program.
import { join } from 'node:path';
import { fingerprint, isFresh } from './fresh.mjs';

/** What the bundle follows from. */
const SOURCES = [
  'main',
  'device',
  'sync',
  'build/bundle.ts',
  'build/setup/app.mjs',
  'package.json',
  'package-lock.json',
];

/** The bundler's exit status for: nothing can be written here. */
export const READ_ONLY = 75;

/**
 * How Node is started for a hub: a young generation of 134 MB is 26 kB for each of 5,000 doors, and no faster; without a
 * bound to its growth, most of the old one is what nobody needs any more.
 */
export const HUB_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=20'];

/**
 * In which environment hubs and controllers are started: glibc reads it before all else. One heap for all threads instead of
 * eight for each core.
 */
export const MEMORY_ENV = { MALLOC_ARENA_MAX: '1' };

/** @param {string} root @param {'app' | 'hub'} app the appliance's programs, or the hub's */
export function appFolder(root, app = 'app') {
  return join(root, 'dist', app);
}

/** Of V8, for all programs. @param {string} root */
export function compileCache(root) {
  return join(root, 'dist', '.compile-cache');
}

/** @param {string} root */
export function appState(root) {
  return fingerprint(root, SOURCES);
}

/** @param {string} root @param {'app' | 'hub'} app */
export function isAppFresh(root, app = 'app') {
  return isFresh(join(appFolder(root, app), 'stamp'), appState(root));
}
