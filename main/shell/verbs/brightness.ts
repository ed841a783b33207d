/**
 * Sets the panel's light through the kernel's backlight class (Documentation/ABI/stable/sysfs-class-backlight):
 * a folder a device with `max_brightness` to read and `brightness` to write, both whole numbers.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { err, ok, type Result } from '../../core/result.ts';
import type { ShellFault } from '../page-api.ts';
import type { Verb } from './verb.ts';

const Percent = z.int().check(z.minimum(0), z.maximum(100));
const KernelNumber = z.pipe(z.string(), z.pipe(z.transform(Number), z.int().check(z.minimum(1))));

/** Where one panel shows up as several devices the kernel asks to prefer them in this order. */
const PREFERRED_TYPES = ['firmware', 'platform', 'raw'];

/** @param backlightDir `/sys/class/backlight` */
export function brightnessVerb(backlightDir: string): Verb {
  let busy = false;
  return async (input) => {
    const percent = Percent.safeParse(input);
    if (!percent.success) return err({ code: 'bad_input', text: 'brightness takes a whole number from 0 to 100' });
    if (busy) return err({ code: 'busy', text: 'the last change of brightness is still being made: try again' });
    busy = true;
    try {
      return await setBacklight(backlightDir, percent.data);
    } catch (error) {
      return err(faultOf(error));
    } finally {
      busy = false;
    }
  };
}

async function setBacklight(backlightDir: string, percent: number): Promise<Result<null, ShellFault>> {
  const device = await findBacklight(backlightDir);
  if (device === null) {
    return err({ code: 'no_backlight', text: `no panel in ${backlightDir} lets its brightness be set` });
  }
  await writeFile(join(device.dir, 'brightness'), String(Math.round((device.max * percent) / 100)));
  return ok(null);
}

async function findBacklight(backlightDir: string): Promise<{ dir: string; max: number } | null> {
  const names = await readdir(backlightDir).catch(() => []);
  const found: { dir: string; max: number; rank: number }[] = [];
  for (const name of names.sort()) {
    const dir = join(backlightDir, name);
    const max = KernelNumber.safeParse(await readLine(join(dir, 'max_brightness')));
    const rank = PREFERRED_TYPES.indexOf((await readLine(join(dir, 'type'))) ?? '');
    if (max.success) found.push({ dir, max: max.data, rank: rank === -1 ? PREFERRED_TYPES.length : rank });
  }
  return found.sort((a, b) => a.rank - b.rank)[0] ?? null;
}

async function readLine(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : text.trim();
}

function faultOf(error: unknown): ShellFault {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return { code: 'not_permitted', text: "the shell's user may not set the backlight: add it to the group video" };
  }
  return { code: 'write_failed', text: "the panel's driver refused the brightness: see the system's log" };
}
