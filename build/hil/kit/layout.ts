/** What lies where in the kit, and how its programs are run. */
import { join } from 'node:path';
import { err, ok, type Result } from '../../../main/core/result.ts';
import { runTool, toolEnv } from '../../test/tool.ts';

const LIMIT_MS = 180_000;

export interface Layout {
  readonly folder: string;
  /** Debian's packages, unpacked. */
  readonly root: string;
  /** Such as `6.12.117+deb12-amd64`. */
  readonly kernel: string;
  readonly kernelFile: string;
  readonly initrdFile: string;
  /** Removed when the kit is made. */
  readonly scratch: string;
}

export function layoutOf(folder: string, kernel: string): Layout {
  const at = (name: string) => join(folder, name);
  const files = { root: at('root'), kernelFile: at('vmlinux'), initrdFile: at('initrd.gz'), scratch: at('scratch') };
  return { folder, kernel, ...files };
}

/** The environment in which the unpacked programs find each other and their libraries. */
export function envOf({ root }: Pick<Layout, 'root'>): NodeJS.ProcessEnv {
  const env = toolEnv(process.env);
  const at = (...folders: string[]) => folders.map((folder) => join(root, folder));
  return {
    ...env,
    LC_ALL: 'C',
    PATH: [...at('usr/bin', 'usr/sbin', 'bin', 'sbin'), env['PATH']].join(':'),
    LD_LIBRARY_PATH: at('usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu').join(':'),
    QEMU_MODULE_DIR: join(root, 'usr/lib/x86_64-linux-gnu/qemu'),
  };
}

/** Runs a program of the kit or of the machine to its end. */
export async function run(
  layout: Pick<Layout, 'root'>,
  command: string,
  args: readonly string[],
): Promise<Result<void, string>> {
  const { status, output } = await runTool(command, args, { limitMs: LIMIT_MS, isShown: false, env: envOf(layout) });
  if (status === 0) return ok(undefined);
  return err(`${command} failed: ${output.trim().split('\n').slice(-3).join(' / ')}`);
}
