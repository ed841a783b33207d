// A technician's machine lacks a library, a udev rule, or the device: each is told as what it is.
import { expect, test } from 'vitest';
import { hidFault } from './find.ts';

test.each([
  [
    'libusb-1.0.so.0: cannot open shared object file: No such file or directory',
    { code: 'failed', detail: 'the board can’t be opened: install the Debian package libusb-1.0-0' },
  ],
  ['cannot open device with path /dev/hidraw0', { code: 'failed', detail: expect.stringContaining('udev rule') }],
  ['ENODEV', { code: 'unplugged', detail: 'the board is gone' }],
])('%s', (words, fault) => {
  expect(hidFault('the board', new Error(words))).toStrictEqual(fault);
});
