/** The kernel's input devices (evdev, <linux/input.h>). Imported lazily, with koffi. */
import { closeSync, constants, openSync, readdirSync, readSync } from 'node:fs';
import { ioctl } from '../libc.ts';
import { FileWatch } from '../watch.ts';
import type { Keyboard, KeyboardBus, KeyboardInfo } from './bus.ts';

const FOLDER = '/dev/input';
const TEXT_BYTES = 256;
const KEY_BYTES = 96;
const GET_ID = 0x8008_4502;
const GET_NAME = 0x8100_4506;
const GET_UNIQUE = 0x8100_4508;
const GET_KEYS = 0x8060_4521;
const GRAB = 0x4004_4590;
const KEY_ENTER = 28;
const KEY_A = 30;
const KEY_Z = 44;
const READ_BYTES = 64 * 24;

export const linuxKeyboards: KeyboardBus = { keyboards, grab };

function keyboards(): readonly KeyboardInfo[] {
  return readdirSync(FOLDER)
    .filter((name) => /^event\d+$/.test(name))
    .flatMap((name) => {
      try {
        return lookAt(`${FOLDER}/${name}`);
      } catch {
        // It went between the two looks, or isn't ours to open.
        return [];
      }
    });
}

function lookAt(path: string): readonly KeyboardInfo[] {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const keys = Buffer.alloc(KEY_BYTES);
    ioctl(fd, GET_KEYS, keys);
    if (![KEY_ENTER, KEY_A, KEY_Z].every((key) => hasBit(keys, key))) return [];
    const id = Buffer.alloc(8);
    ioctl(fd, GET_ID, id);
    const ids = { vendorId: id.readUInt16LE(2), productId: id.readUInt16LE(4) };
    return [{ path, ...ids, name: textFrom(fd, GET_NAME), serial: textFrom(fd, GET_UNIQUE) }];
  } finally {
    closeSync(fd);
  }
}

function hasBit(bytes: Buffer, bit: number): boolean {
  return (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
}

/** These calls give back the length of the text. A device without one refuses. */
function textFrom(fd: number, request: number): string {
  const bytes = Buffer.alloc(TEXT_BYTES);
  try {
    ioctl(fd, request, bytes);
  } catch {
    return '';
  }
  return bytes.toString('utf8').split('\0')[0] ?? '';
}

function grab(path: string): Keyboard {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    ioctl(fd, GRAB, 1);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  const watch = new FileWatch(fd);
  return {
    listen: (sink) => {
      const next = (): void =>
        watch.next((readable) => {
          const bytes = readable ? readNow(fd) : null;
          if (bytes === null) sink.gone();
          else {
            next();
            if (bytes.length > 0) sink.bytes(bytes);
          }
        });
      next();
    },
    close: () => {
      watch.stop();
      closeSync(fd);
    },
  };
}

/** Null: the device is gone. */
function readNow(fd: number): Uint8Array | null {
  const bytes = Buffer.alloc(READ_BYTES);
  try {
    return bytes.subarray(0, readSync(fd, bytes));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN' ? bytes.subarray(0, 0) : null;
  }
}
