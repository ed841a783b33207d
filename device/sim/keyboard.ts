/** A keyboard without a kernel, and the events of what is typed on it. */
import type { Keyboard, KeyboardBus, KeyboardInfo } from '../lines/evdev/bus.ts';
import { keysOf, type Layout } from '../readers/keyboard/layout.ts';

const ENTER = 28;
const LEFT_SHIFT = 42;

type Listener = Parameters<Keyboard['listen']>[0];

export class SimKeyboards implements KeyboardBus {
  readonly info: KeyboardInfo = {
    ...{ path: '/dev/input/event3', name: 'scanner', serial: 'S1' },
    ...{ vendorId: 0x05e0, productId: 0x1200 },
  };
  #there = true;
  #grabbed: { listener: Listener | null } | null = null;

  keyboards(): readonly KeyboardInfo[] {
    return this.#there ? [this.info] : [];
  }

  grab(path: string): Keyboard {
    if (!this.#there || path !== this.info.path) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    if (this.#grabbed !== null) throw Object.assign(new Error('grabbed'), { code: 'EBUSY' });
    const grab: { listener: Listener | null } = { listener: null };
    this.#grabbed = grab;
    return {
      listen: (listener) => {
        grab.listener = listener;
      },
      close: () => {
        grab.listener = null;
        if (this.#grabbed === grab) this.#grabbed = null;
      },
    };
  }

  type(events: Uint8Array): void {
    this.#grabbed?.listener?.bytes(events);
  }

  unplug(): void {
    this.#there = false;
    this.#grabbed?.listener?.gone();
  }

  replug(): void {
    this.#there = true;
  }
}

export function keyEvent(code: number, value: number, type = 1): Uint8Array {
  const event = Buffer.alloc(24);
  event.writeUInt16LE(type, 16);
  event.writeUInt16LE(code, 18);
  event.writeInt32LE(value, 20);
  return event;
}

/** The keys of one code and Enter. Throws for what the layout can't type. */
export function typed(code: string, layout: Layout): Uint8Array {
  const keys = [...keysOf(layout)];
  const strokes = [...code].flatMap((character) => {
    const plain = keys.find(([, key]) => key.plain === character)?.[0];
    if (plain !== undefined) return stroke(plain);
    const shifted = keys.find(([, key]) => key.shifted === character)?.[0];
    if (shifted === undefined) throw new Error('no key types that');
    return [keyEvent(LEFT_SHIFT, 1), ...stroke(shifted), keyEvent(LEFT_SHIFT, 0)];
  });
  return Buffer.concat([...strokes, ...stroke(ENTER)]);
}

function stroke(code: number): readonly Uint8Array[] {
  return [keyEvent(code, 1), keyEvent(0, 0, 0), keyEvent(code, 0), keyEvent(0, 0, 0)];
}
