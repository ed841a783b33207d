/**
 * The kit: QEMU, Debian's 6.12 kernel, gpio-sim. Made once in about half a minute, without being root, and kept in the
 * user's cache; never committed, since the kernel is GPL.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { err, ok, type Result } from '../../../main/core/result.ts';
import { buildGpioSim, makeInitrd, unpackKernel } from './kernel.ts';
import { type Layout, layoutOf, run } from './layout.ts';
import { Packages } from './packages.ts';

/** Fetched even where they are installed: the kit runs its own. */
const OWN = [
  'qemu-system-x86',
  'qemu-system-common',
  'qemu-system-data',
  'seabios',
  'ipxe-qemu',
  'busybox-static',
  'kmod',
];
/** Fetched where they are missing. */
const TOOLS = ['gcc', 'make', 'xz-utils', 'libelf1', 'zstd', 'socat'];
const PROGRAMS = ['/usr/bin/apt-get', '/usr/bin/apt-cache', '/usr/bin/dpkg-deb', '/bin/tar', '/bin/bash'];
const KMOD = ['depmod', 'modprobe', 'rmmod'];

/** The kit out of the cache, or made now. An error says why this machine can't have one. */
export async function findKit(say: (what: string) => void): Promise<Result<Layout, string>> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'genkan/hil');
  const recipe = digest();
  const cached = await cachedKit(cache, recipe);
  if (cached !== null) return ok(cached);
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return err(`the kit is for Linux on x64, this is ${process.platform} on ${process.arch}`);
  const missing = PROGRAMS.filter((program) => !existsSync(program));
  if (missing.length > 0) return err(`the kit is made of Debian's packages, and ${missing.join(', ')} is missing`);
  say('making the kit of QEMU and a kernel, which takes about half a minute');
  try {
    mkdirSync(cache, { recursive: true });
    return await makeKit(cache, recipe);
  } catch (error) {
    return err(`the kit can't be made in ${cache}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function cachedKit(cache: string, recipe: string): Promise<Layout | null> {
  const names = existsSync(cache) ? readdirSync(cache).filter((name) => name.endsWith(`_${recipe}`)) : [];
  for (const name of names.sort().reverse()) {
    const layout = layoutOf(join(cache, name), name.slice(0, -recipe.length - 1));
    // A cache that comes from another machine may lack libraries here.
    const works = await run(layout, 'qemu-system-x86_64', ['--version']);
    if (works.ok) return layout;
    rmSync(layout.folder, { recursive: true, force: true });
  }
  return null;
}

async function makeKit(cache: string, recipe: string): Promise<Result<Layout, string>> {
  const draft = mkdtempSync(join(cache, '.draft-'));
  try {
    const packages = new Packages(join(draft, 'scratch'));
    const kernel = await packages.newestKernel();
    if (!kernel.ok) return kernel;
    const made = await fill(layoutOf(draft, kernel.value), packages);
    if (!made.ok) return made;
    const layout = layoutOf(join(cache, `${kernel.value}_${recipe}`), kernel.value);
    // Another run may have been faster.
    if (!existsSync(layout.folder)) renameSync(draft, layout.folder);
    return ok(layout);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function fill(layout: Layout, packages: Packages): Promise<Result<void, string>> {
  const { root, kernel, scratch } = layout;
  const sources = 'linux-source-6.12';
  const downloaded = await packages.download([
    ...OWN,
    ...TOOLS,
    `linux-image-${kernel}`,
    `linux-headers-${kernel}`,
    sources,
  ]);
  if (!downloaded.ok) return downloaded;
  mkdirSync(root, { recursive: true });
  const source = downloaded.value.find((file) => basename(file).startsWith(`${sources}_`));
  if (source === undefined) return err(`apt-get did not download ${sources}`);
  for (const file of downloaded.value) {
    // Another C library than the running one fits no program of the machine.
    if (file === source || basename(file).startsWith('libc6_')) continue;
    const unpacked = await run(layout, 'dpkg-deb', ['-x', file, root]);
    if (!unpacked.ok) return unpacked;
  }
  for (const name of KMOD) {
    rmSync(join(root, 'sbin', name), { force: true });
    symlinkSync('../bin/kmod', join(root, 'sbin', name));
  }
  unpackKernel(layout);
  const built = await buildGpioSim(layout, source);
  if (!built.ok) return built;
  const initrd = await makeInitrd(layout);
  if (!initrd.ok) return initrd;
  for (const spent of [scratch, join(root, 'boot'), join(root, 'usr/src'), join(root, 'usr/share/doc')])
    rmSync(spent, { recursive: true, force: true });
  return ok(undefined);
}

/** What the kit is made by: another recipe is another kit. */
function digest(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(import.meta.dirname).sort()) {
    if (file.endsWith('.test.ts')) continue;
    hash.update(file).update(readFileSync(join(import.meta.dirname, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
