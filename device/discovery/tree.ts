/** Looks at the machine's files below a root: `/`, or in tests a folder that was made to look like it. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';

const MOST_BYTES = 65_536;

export interface NodeState {
  readonly kind: 'character' | 'file' | 'folder' | 'other' | 'absent';
  /** Where symlinks lead: `/dev/ttyUSB0`. */
  readonly target: string;
  readonly readable: boolean;
  readonly writable: boolean;
  /** The group that owns it, by name where it has one. */
  readonly group: string;
  /** As /proc/locks writes it: `00:05:123`. */
  readonly lockName: string;
}

export class Tree {
  readonly #root: string;

  constructor(root = '/') {
    this.#root = realpathSync(root);
  }

  has(path: string): boolean {
    return existsSync(this.at(path));
  }

  /** The names in a folder, in order; empty where it is not there or may not be read. */
  list(path: string): readonly string[] {
    try {
      return readdirSync(this.at(path)).sort(byNumber);
    } catch {
      return [];
    }
  }

  /** A small file's bytes; null where it is not there or may not be read. */
  bytes(path: string): Buffer | null {
    try {
      const fd = openSync(this.at(path), constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const bytes = Buffer.alloc(MOST_BYTES);
        return bytes.subarray(0, readSync(fd, bytes));
      } finally {
        closeSync(fd);
      }
    } catch {
      return null;
    }
  }

  /** The same as text, without white space and zeros at its ends; null also where it is empty. */
  text(path: string): string | null {
    const text = this.bytes(path)?.toString('utf8').replaceAll('\0', '').trim() ?? '';
    return text === '' ? null : text;
  }

  /** Where a path leads in the end, as a path of the tree; null where that is nothing. */
  real(path: string): string | null {
    try {
      const found = realpathSync(this.at(path));
      if (this.#root === '/') return found;
      return found.startsWith(`${this.#root}/`) ? found.slice(this.#root.length) : null;
    } catch {
      return null;
    }
  }

  node(path: string): NodeState {
    const target = this.real(path);
    if (target === null) return ABSENT;
    const at = this.at(target);
    const found = statSync(at, { throwIfNoEntry: false });
    if (found === undefined) return ABSENT;
    const kind = found.isCharacterDevice()
      ? 'character'
      : found.isFile()
        ? 'file'
        : found.isDirectory()
          ? 'folder'
          : 'other';
    const device = (number: number) => number.toString(16).padStart(2, '0');
    const [major, minor] = [(found.dev >> 8) & 0xfff, (found.dev & 0xff) | ((found.dev >> 12) & 0xfff00)];
    return {
      kind,
      target,
      readable: may(at, constants.R_OK),
      writable: may(at, constants.W_OK),
      group: this.#groupName(found.gid),
      lockName: `${device(major)}:${device(minor)}:${found.ino}`,
    };
  }

  #groupName(gid: number): string {
    const line = this.text('/etc/group')
      ?.split('\n')
      .find((entry) => entry.split(':')[2] === String(gid));
    return line?.split(':')[0] ?? String(gid);
  }

  /** The path outside the tree. */
  at(path: string): string {
    return join(this.#root, path);
  }
}

const ABSENT: NodeState = { kind: 'absent', target: '', readable: false, writable: false, group: '', lockName: '' };

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** ttyUSB2 before ttyUSB10. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
