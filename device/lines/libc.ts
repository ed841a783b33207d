/** The few calls of the C library that Node lacks, through koffi. Imported lazily: koffi takes some 10 ms and 4 MB. */
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const ioctlBytes = libc.func('int ioctl(int fd, unsigned long request, _Inout_ uint8_t *data)');
const ioctlNumber = libc.func('int ioctl(int fd, unsigned long request, long number)');
const NAMES = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));

/** A call that the kernel refused. `code` is its name for why: `EBUSY`. */
export class KernelError extends Error {
  readonly code: string;

  constructor(call: string, code: string) {
    super(`${call}: ${code}`);
    this.name = 'KernelError';
    this.code = code;
  }
}

/** ioctl(2) with a structure, which it may fill, or with a plain number. Throws KernelError. */
export function ioctl(fd: number, request: number, data: Uint8Array | number): void {
  const status: unknown = typeof data === 'number' ? ioctlNumber(fd, request, data) : ioctlBytes(fd, request, data);
  // Some give a length back where they succeed.
  if (typeof status !== 'number' || status < 0)
    throw new KernelError('ioctl', NAMES.get(koffi.errno()) ?? `error ${koffi.errno()}`);
}
