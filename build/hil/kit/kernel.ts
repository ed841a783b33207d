/** The guest's kernel, the modules that Debian leaves out, and the initrd. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync, zstdDecompressSync } from 'node:zlib';
import { ok, type Result } from '../../../main/core/result.ts';
import { archive, type Entry } from './cpio.ts';
import { type Layout, run } from './layout.ts';

/** What the initrd needs to see the host's files. */
const INITRD_MODULES = ['9pnet_virtio', '9p', 'overlay'];
const APPLETS = ['sh', 'mount', 'insmod', 'switch_root', 'mkdir', 'sed'];

/** Where a bzImage says what it is packed of (Linux, Documentation/arch/x86/boot.rst). */
const SETUP_SECTORS = 0x1f1;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;

/** The kernel as QEMU starts it fastest: unpacked. Emulated, the packed one takes seconds to unpack itself. */
export function unpackKernel({ root, kernel, kernelFile }: Layout): void {
  const image = readFileSync(join(root, 'boot', `vmlinuz-${kernel}`));
  const start = (image.readUInt8(SETUP_SECTORS) + 1) * 512 + image.readUInt32LE(PAYLOAD_OFFSET);
  // Its last four bytes are the length of what is in it.
  const payload = image.subarray(start, start + image.readUInt32LE(PAYLOAD_LENGTH) - 4);
  writeFileSync(kernelFile, zstdDecompressSync(payload));
}

/**
 * Builds gpio-sim and the interrupt simulator under it from Debian's source of the same kernel: its configuration leaves
 * both out.
 * @param sources the package linux-source
 */
export async function buildGpioSim(layout: Layout, sources: string): Promise<Result<void, string>> {
  const { root, kernel, scratch } = layout;
  const folder = join(scratch, 'gpio-sim');
  mkdirSync(folder, { recursive: true });
  const series = 'linux-source-6.12';
  const wanted = ['drivers/gpio/gpio-sim.c', 'kernel/irq/irq_sim.c'].map((file) => `${series}/${file}`);
  const unpack =
    `dpkg-deb --fsys-tarfile '${sources}' | tar -xO ./usr/src/${series}.tar.xz | ` +
    `tar -xJ -C '${folder}' --strip-components=3 ${wanted.join(' ')}`;
  const unpacked = await run(layout, 'bash', ['-o', 'pipefail', '-c', unpack]);
  if (!unpacked.ok) return unpacked;
  makeModuleOf(join(folder, 'irq_sim.c'));
  writeFileSync(join(folder, 'Kbuild'), 'obj-m := gpio-sim.o irq_sim.o\n');
  const headers = join(root, 'usr/src', `linux-headers-${kernel}`);
  relocate(headers, root);
  const made = await run(layout, 'make', ['-s', '-C', headers, `M=${folder}`, 'modules']);
  if (!made.ok) return made;
  const extra = join(root, 'lib/modules', kernel, 'updates');
  mkdirSync(extra, { recursive: true });
  for (const module of ['gpio-sim.ko', 'irq_sim.ko']) renameSync(join(folder, module), join(extra, module));
  return run(layout, 'depmod', ['-b', root, kernel]);
}

/** irq_sim is written to be part of the kernel: it has no licence tag, and calls what modules can't. */
function makeModuleOf(file: string): void {
  const source = readFileSync(file, 'utf8')
    .replace('irq_to_desc(irqnum)', 'irq_data_to_desc(irq_get_irq_data(irqnum))')
    .replace('#include <linux/irq.h>', '#include <linux/irq.h>\n#include <linux/irqdesc.h>\n#include <linux/module.h>');
  writeFileSync(file, `${source}\nMODULE_LICENSE("GPL");\n`);
}

/** Debian's headers name each other by where they are installed. */
function relocate(headers: string, root: string): void {
  for (const name of ['Makefile', '.kernelvariables']) {
    const file = join(headers, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('/usr/src/', `${root}/usr/src/`));
  }
}

export async function makeInitrd(layout: Layout): Promise<Result<void, string>> {
  const { root, kernel, scratch, initrdFile } = layout;
  const unpacked = join(scratch, 'initrd-modules');
  mkdirSync(unpacked, { recursive: true });
  const from = join(root, 'lib/modules', kernel);
  const modules: Entry[] = [];
  for (const [index, path] of inOrder(readFileSync(join(from, 'modules.dep'), 'utf8')).entries()) {
    const plain = await run(layout, 'bash', ['-c', `xz -dc '${join(from, path)}' > '${join(unpacked, 'module')}'`]);
    if (!plain.ok) return plain;
    const name = `${String(index).padStart(2, '0')}-${basename(path, '.ko.xz')}.ko`;
    const bytes = readFileSync(join(unpacked, 'module'));
    modules.push({ kind: 'file', path: `modules/${name}`, bytes, isProgram: false });
  }
  const folders = ['bin', 'modules', 'proc', 'sys', 'dev', 'lower', 'upper', 'whole'];
  const init = readFileSync(join(import.meta.dirname, 'early-init.sh'));
  const busybox = readFileSync(join(root, 'bin/busybox'));
  const entries: Entry[] = [
    ...folders.map((path): Entry => ({ kind: 'folder', path })),
    { kind: 'file', path: 'init', bytes: init, isProgram: true },
    { kind: 'file', path: 'bin/busybox', bytes: busybox, isProgram: true },
    ...APPLETS.map((name): Entry => ({ kind: 'link', path: `bin/${name}`, to: 'busybox' })),
    ...modules,
  ];
  writeFileSync(initrdFile, gzipSync(archive(entries), { level: 1 }));
  return ok(undefined);
}

/** The modules of the initrd as paths, each after those that it needs. `modules.dep` lists the deepest last. */
function inOrder(dependencies: string): string[] {
  const lines = dependencies.split('\n').map((line) => line.split(/:? /).filter((path) => path !== ''));
  const paths = INITRD_MODULES.flatMap((name) => {
    const line =
      lines.find(([path]) => path !== undefined && basename(path.replace(/:$/, ''), '.ko.xz') === name) ?? [];
    return line.map((path) => path.replace(/:$/, '')).reverse();
  });
  return [...new Set(paths)];
}
