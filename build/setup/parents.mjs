// npm is killed without passing the signal on, and between npm and us there may be a shell: npm, sh, node.
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 300;
const SHELLS = new Set(['sh', 'dash', 'bash', 'zsh', 'busybox']);

/**
 * Calls `onGone` once when our parent is gone, or npm behind it where a shell stands between.
 * @param {() => void} onGone
 */
export function watchParents(onGone) {
  const parent = process.ppid;
  const { comm, ppid: grandparent } = look(parent);
  const isShell = process.env.npm_lifecycle_event !== undefined && SHELLS.has(comm);
  const timer = setInterval(() => {
    const isThere = process.ppid === parent && (!isShell || look(parent).ppid === grandparent);
    if (isThere) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** @param {number} pid @returns {{ comm: string, ppid: number }} */
function look(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // pid (comm) state ppid …; comm may hold spaces and brackets.
    const end = stat.lastIndexOf(')');
    return { comm: stat.slice(stat.indexOf('(') + 1, end), ppid: Number(stat.slice(end + 4).split(' ')[0]) };
  } catch {
    return { comm: '', ppid: 0 };
  }
}
