/** The kernel's GPIO character devices. Imported lazily, with koffi. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { ioctl } from '../libc.ts';
import { FileWatch } from '../watch.ts';
import * as abi from './abi.ts';
import type { GpioChip, GpioInput, GpioKernel, GpioOutput, LineSettings } from './kernel.ts';

const MOST_EVENTS = 64;

export const linuxGpio: GpioKernel = { chips, chip, line, takeOutput, takeInput };

function chips(): readonly GpioChip[] {
  const found: GpioChip[] = [];
  for (const name of readdirSync('/dev')
    .filter((entry) => /^gpiochip\d+$/.test(entry))
    .sort(byNumber)) {
    try {
      found.push(chip(`/dev/${name}`));
    } catch {
      // It went between the two looks, or isn't ours to open.
    }
  }
  return found;
}

function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

function chip(path: string): GpioChip {
  const bytes = abi.chipInfo();
  onChip(path, (fd) => ioctl(fd, abi.GET_CHIP_INFO, bytes));
  return { path, ...abi.readChipInfo(bytes) };
}

function line({ path }: GpioChip, offset: number) {
  const bytes = abi.lineInfo(offset);
  onChip(path, (fd) => ioctl(fd, abi.GET_LINE_INFO, bytes));
  return { offset, ...abi.readLineInfo(bytes) };
}

function takeOutput({ path }: GpioChip, offset: number, settings: LineSettings, gone: () => void): GpioOutput {
  const fd = request(path, abi.lineRequest(offset, 'output', settings));
  const watch = new FileWatch(fd);
  // Nothing is ever to be read from an output: what wakes this is the chip's end.
  watch.next(gone);
  return {
    set: (active) => ioctl(fd, abi.SET_VALUES, abi.lineValue(active)),
    check: () => ioctl(fd, abi.GET_VALUES, abi.lineValue(false)),
    close: () => {
      watch.stop();
      closeSync(fd);
    },
  };
}

function takeInput({ path }: GpioChip, offset: number, settings: LineSettings): GpioInput {
  const fd = request(path, abi.lineRequest(offset, 'input', settings));
  const watch = new FileWatch(fd);
  const events = Buffer.alloc(MOST_EVENTS * abi.EVENT_BYTES);
  return {
    level: () => {
      const value = abi.lineValue(false);
      ioctl(fd, abi.GET_VALUES, value);
      return abi.readLineValue(value);
    },
    lastEdge: () => {
      const length = readNow(fd, events);
      return length < abi.EVENT_BYTES ? null : abi.lastEventTime(events.subarray(0, length));
    },
    awaitEdge: (ready) => watch.next(ready),
    close: () => {
      watch.stop();
      closeSync(fd);
    },
  };
}

/** The watch has made the file non-blocking. The kernel keeps 16 edges a line, so that one read takes them all. */
function readNow(fd: number, events: Buffer): number {
  try {
    return readSync(fd, events);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    throw error;
  }
}

function request(path: string, bytes: Buffer): number {
  onChip(path, (fd) => ioctl(fd, abi.GET_LINE, bytes));
  return abi.requestedFile(bytes);
}

/** A line that was taken outlives the chip's file. */
function onChip(path: string, run: (fd: number) => void): void {
  const fd = openSync(path, 'r+');
  try {
    run(fd);
  } finally {
    closeSync(fd);
  }
}
