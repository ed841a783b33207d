import { stat } from 'node:fs/promises';
import { err, ok, type Result } from '../../main/core/result.ts';
import type { DeviceFault } from '../ports.ts';
import type { Tty } from './tty.ts';

/** Says whether a path still leads to the same device. */
export type DeviceIdentity = string;

/** Finds out what is there before a port is opened, since the driver's own words for a plain file help nobody. */
export async function lookAt(path: string): Promise<Result<DeviceIdentity, DeviceFault>> {
  try {
    const found = await stat(path, { bigint: true });
    if (found.isCharacterDevice()) return ok(`${found.dev} ${found.ino} ${found.rdev}`);
    const what = found.isFile() ? 'a plain file' : found.isDirectory() ? 'a folder' : 'something else';
    return err({ code: 'not-a-device', detail: `${path} is ${what}, not a serial port` });
  } catch (error) {
    return err(faultOf(path, error));
  }
}

export async function openPort(path: string, baudRate: number): Promise<Result<Tty, DeviceFault>> {
  try {
    // Loaded only where a serial device is configured: serialport takes 17 MB and 25 ms.
    const { Tty } = await import('./tty.ts');
    return ok(await Tty.open(path, baudRate));
  } catch (error) {
    return err(faultOf(path, error));
  }
}

function faultOf(path: string, error: unknown): DeviceFault {
  const text = error instanceof Error ? error.message : String(error);
  if (/ENOENT|ENOTDIR|No such file|No such device/.test(text)) {
    return { code: 'absent', detail: `${path} is not there` };
  }
  if (/Cannot lock port|resource busy/.test(text)) {
    return { code: 'busy', detail: `${path} is in use by another program` };
  }
  if (/Inappropriate ioctl/.test(text)) {
    return { code: 'not-a-device', detail: `${path} is a device, but not a serial port` };
  }
  if (/EACCES|EPERM|Permission denied|not permitted/.test(text)) {
    return { code: 'failed', detail: `${path}: no permission; add this user to the group that owns it (dialout)` };
  }
  return { code: 'failed', detail: `${path}: ${text.replaceAll('\n', ' ').slice(0, 200)}` };
}
