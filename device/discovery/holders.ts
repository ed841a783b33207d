/** Who has a device open. Asked of /proc alone: the device is not touched. */
import { readlinkSync } from 'node:fs';
import type { NodeState, Tree } from './tree.ts';

export interface Holders {
  readonly processes: readonly { readonly pid: number; readonly name: string }[];
  /** Processes of other users, into which nobody but root can look. */
  readonly hidden: number;
}

export function holdersOf(tree: Tree, { target, lockName }: NodeState): Holders {
  const pids = new Set<number>();
  let hidden = 0;
  for (const pid of tree.list('/proc').filter((name) => /^\d+$/.test(name))) {
    const folder = `/proc/${pid}/fd`;
    const files = tree.list(folder);
    if (files.length === 0 && isSomebodys(tree, pid)) hidden += 1;
    const links = files.map((file) => linkOf(tree, `${folder}/${file}`));
    // Of a pseudo terminal the process at its other end is the device itself.
    if (links.includes(target) && !(target.startsWith('/dev/pts/') && links.some(isMaster))) pids.add(Number(pid));
  }
  // Locks (flock) are shown of everybody's processes.
  for (const line of tree.text('/proc/locks')?.split('\n') ?? []) {
    const fields = line.trim().split(/\s+/);
    if (fields[1] === 'FLOCK' && fields[5] === lockName) pids.add(Number(fields[4]));
  }
  pids.delete(process.pid);
  const processes = [...pids].map((pid) => ({ pid, name: tree.text(`/proc/${pid}/comm`) ?? 'a process' }));
  return { processes, hidden };
}

function isMaster(link: string | null): boolean {
  return link === '/dev/ptmx' || link === '/dev/pts/ptmx';
}

function linkOf(tree: Tree, path: string): string | null {
  try {
    return readlinkSync(tree.at(path));
  } catch {
    return null;
  }
}

/** A process of the kernel has no command line, and no files. */
function isSomebodys(tree: Tree, pid: string): boolean {
  return tree.text(`/proc/${pid}/cmdline`) !== null;
}
