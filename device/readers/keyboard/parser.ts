import { CodeParser } from '../serial/parser.ts';
import { type Key, keysOf, type Layout } from './layout.ts';

/** struct input_event on 64 bits: 16 bytes of time, then type, code and value. */
export const EVENT_BYTES = 24;
const TYPE_AT = 16;
const CODE_AT = 18;
const VALUE_AT = 20;

const EV_SYN = 0;
const EV_KEY = 1;
const SYN_DROPPED = 3;
const RELEASED = 0;
const PRESSED = 1;

const ENTERS: ReadonlySet<number> = new Set([28, 96]);
const SHIFTS: ReadonlySet<number> = new Set([42, 54]);
/** Ctrl, alt and meta: with them a key types something else, or nothing. */
const OTHER_MODIFIERS: ReadonlySet<number> = new Set([29, 97, 56, 100, 125, 126]);
/** Lock keys and those of Japanese input methods, which a scanner may send around a code: half-width, conversion, kana. */
const SILENT: ReadonlySet<number> = new Set([58, 69, 70, 85, 90, 91, 92, 93, 94, 122, 123]);
const CR = Uint8Array.of(0x0d);

/**
 * Codes out of the kernel's key events. Enter ends a code. A code with a key that has no meaning here is dropped whole:
 * better none than one that misses a character.
 */
export class KeyParser {
  readonly #keys: ReadonlyMap<number, Key>;
  readonly #codes = new CodeParser();
  readonly #held = new Set<number>();
  #rest: Uint8Array = new Uint8Array(0);
  #spoiled = false;

  constructor(layout: Layout) {
    this.#keys = keysOf(layout);
  }

  get collecting(): boolean {
    return this.#codes.collecting || this.#spoiled;
  }

  feed(bytes: Uint8Array): string[] {
    const all = Buffer.concat([this.#rest, bytes]);
    const codes: string[] = [];
    let at = 0;
    for (; at + EVENT_BYTES <= all.length; at += EVENT_BYTES) {
      const type = all.readUInt16LE(at + TYPE_AT);
      const code = all.readUInt16LE(at + CODE_AT);
      if (type === EV_KEY) codes.push(...this.#key(code, all.readInt32LE(at + VALUE_AT)));
      else if (type === EV_SYN && code === SYN_DROPPED) this.#lose();
    }
    this.#rest = Uint8Array.from(all.subarray(at));
    return codes;
  }

  reset(): void {
    this.#codes.reset();
    this.#held.clear();
    this.#rest = new Uint8Array(0);
    this.#spoiled = false;
  }

  #key(code: number, value: number): string[] {
    if (SHIFTS.has(code) || OTHER_MODIFIERS.has(code)) {
      if (value === RELEASED) this.#held.delete(code);
      else this.#held.add(code);
      return [];
    }
    // What is held long enough to repeat is no scanner's key.
    if (value !== PRESSED || SILENT.has(code)) return [];
    if (ENTERS.has(code)) return this.#end();
    const typed = this.#typed(code);
    if (typed === null) this.#spoiled = true;
    else this.#codes.feed(Buffer.from(typed));
    return [];
  }

  #typed(code: number): string | null {
    if ([...this.#held].some((held) => OTHER_MODIFIERS.has(held))) return null;
    const key = this.#keys.get(code);
    const shifted = [...this.#held].some((held) => SHIFTS.has(held));
    return key === undefined ? null : shifted ? key.shifted : key.plain;
  }

  #end(): string[] {
    const codes = this.#codes.feed(CR);
    const spoiled = this.#spoiled;
    this.#spoiled = false;
    return spoiled ? [] : codes;
  }

  /** The kernel has thrown events away, among them perhaps the release of a shift. */
  #lose(): void {
    this.#held.clear();
    this.#spoiled = true;
  }
}
