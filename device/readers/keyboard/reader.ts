import { realpathSync } from 'node:fs';
import type { Clock } from '../../../main/core/clock.ts';
import { err, ok, type Result } from '../../../main/core/result.ts';
import type { Keyboard, KeyboardBus } from '../../lines/evdev/bus.ts';
import { idsText, matches, theOne, type UsbIds } from '../../lines/hid/find.ts';
import type { DeviceFault, ReaderPort } from '../../ports.ts';
import { CodeReader, type Source } from '../code-reader.ts';
import type { Layout } from './layout.ts';
import { KeyParser } from './parser.ts';

export interface KeyboardOptions extends UsbIds {
  /** An input device; null: found by its ids. */
  readonly path: string | null;
  readonly layout: Layout;
}

/** Imports the real driver; tests hand in another. */
export type LoadKeyboards = () => Promise<KeyboardBus>;

const loadLinuxKeyboards: LoadKeyboards = async () => (await import('../../lines/evdev/linux.ts')).linuxKeyboards;

/** A scanner that pretends to be a keyboard, taken away from everybody else. */
export function keyboardReader(
  options: KeyboardOptions,
  clock: Clock,
  load: LoadKeyboards = loadLinuxKeyboards,
): ReaderPort {
  const title = options.path ?? `keyboard scanner ${idsText(options)}`;
  const open = async (): Promise<Result<Source, DeviceFault>> => {
    try {
      const bus = await load();
      const path = findKeyboard(title, options, bus);
      return path.ok ? ok(sourceOf(bus.grab(path.value))) : path;
    } catch (error) {
      return err(keyboardFault(title, error));
    }
  };
  return new CodeReader(title, open, new KeyParser(options.layout), clock);
}

function findKeyboard(title: string, options: KeyboardOptions, bus: KeyboardBus): Result<string, DeviceFault> {
  const keyboards = bus.keyboards();
  if (options.path === null) {
    const found = theOne(
      title,
      keyboards.filter((keyboard) => matches(options, keyboard)),
    );
    return found.ok ? ok(found.value.path) : found;
  }
  const path = realpathSync(options.path);
  if (keyboards.some((keyboard) => keyboard.path === path)) return ok(path);
  return err({ code: 'not-a-device', detail: `${title} is no keyboard, or may not be opened (group input)` });
}

function keyboardFault(title: string, error: unknown): DeviceFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENODEV':
    case 'ENXIO':
      return { code: 'absent', detail: `${title} is not there` };
    case 'EBUSY':
      return { code: 'busy', detail: `${title} is grabbed by another program` };
    case 'EACCES':
    case 'EPERM':
      return { code: 'failed', detail: `${title}: no permission; add this user to the group that owns it (input)` };
    default: {
      const text = error instanceof Error ? error.message : String(error);
      return { code: 'failed', detail: `${title}: ${text.replaceAll('\n', ' ').slice(0, 200)}` };
    }
  }
}

function sourceOf(keyboard: Keyboard): Source {
  return { listen: (sink) => keyboard.listen(sink), close: async () => keyboard.close() };
}
