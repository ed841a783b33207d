/** Archives of the kind that Linux takes as its first file system (cpio's `newc`). */

export type Entry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly bytes: Uint8Array; readonly isProgram: boolean }
  | { readonly kind: 'link'; readonly path: string; readonly to: string };

const MODE = { folder: 0o40755, file: 0o100644, program: 0o100755, link: 0o120777 } as const;

/** Folders come before what is in them. */
export function archive(entries: readonly Entry[]): Buffer {
  const records = entries.map((entry, index) => record(entry.path, modeOf(entry), contentOf(entry), index + 1));
  return Buffer.concat([...records, record('TRAILER!!!', 0, new Uint8Array(), 0)]);
}

function modeOf(entry: Entry): number {
  return entry.kind === 'file' && entry.isProgram ? MODE.program : MODE[entry.kind];
}

function contentOf(entry: Entry): Uint8Array {
  switch (entry.kind) {
    case 'folder':
      return new Uint8Array();
    case 'file':
      return entry.bytes;
    case 'link':
      return Buffer.from(entry.to);
  }
}

/** Thirteen fields of eight hexadecimal digits, the name, the content; name and content end on a multiple of four. */
function record(path: string, mode: number, content: Uint8Array, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([padded(Buffer.concat([head, name])), padded(content)]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);
}
