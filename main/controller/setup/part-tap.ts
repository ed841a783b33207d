/**
 * Listens in on readers and inputs for whoever tests them. The ports go on as they were: nothing waits for the tap, and
 * what a reader read is kept as a length and a mask alone.
 */
import type { InputPort, ReaderPort } from '../../../device/ports.ts';
import type { Echo } from '../../contract/technician.ts';
import type { Clock } from '../../core/clock.ts';
import { type DoorInputs, INPUT_KINDS, type InputKind } from '../doors.ts';

export interface LevelSeen {
  readonly active: boolean;
  readonly changes: number;
  /** Epoch ms. */
  readonly changedAt: number;
}

export class PartTap {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #levels = new Map<string, LevelSeen>();
  readonly #echoes = new Map<string, Echo>();
  /** Takes a code for itself, unless it is no more than a member's. */
  #catch: ((text: string) => boolean) | null = null;

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  readers(ports: ReadonlyMap<string, ReaderPort>): ReadonlyMap<string, ReaderPort> {
    return new Map([...ports].map(([id, port]) => [id, this.#reader(id, port)]));
  }

  inputs(ports: DoorInputs): DoorInputs {
    return new Map(
      [...ports].map(([door, inputs]) => {
        const tapped: Partial<Record<InputKind, InputPort>> = {};
        for (const kind of INPUT_KINDS) {
          const port = inputs[kind];
          if (port !== undefined) tapped[kind] = this.#input(`${door}.${kind}`, port);
        }
        return [door, tapped];
      }),
    );
  }

  /** A code came by this reader, also through the page. True: it was not for the door. */
  read(reader: string, text: string): boolean {
    const times = (this.#echoes.get(reader)?.times ?? 0) + 1;
    this.#echoes.set(reader, { at: this.#clock.wall(), length: [...text].length, mask: masked(text), times });
    this.#changed();
    return this.#catch?.(text) ?? false;
  }

  /** Hands codes to `take` until the returned function is called; what it takes is not judged. */
  catchCodes(take: (text: string) => boolean): () => void {
    this.#catch = take;
    return () => {
      if (this.#catch === take) this.#catch = null;
    };
  }

  echo(reader: string): Echo | null {
    return this.#echoes.get(reader) ?? null;
  }

  level(part: string): LevelSeen | null {
    return this.#levels.get(part) ?? null;
  }

  #reader(id: string, port: ReaderPort): ReaderPort {
    return {
      open: (sink) =>
        port.open({
          reading: (reading) => {
            if (!this.read(id, reading.text)) sink.reading(reading);
          },
          state: (state) => sink.state(state),
        }),
      close: () => port.close(),
    };
  }

  #input(part: string, port: InputPort): InputPort {
    return {
      open: (sink) =>
        port.open({
          level: (active, mono) => {
            sink.level(active, mono);
            this.#level(part, active);
          },
          state: (state) => sink.state(state),
        }),
      close: () => port.close(),
    };
  }

  #level(part: string, active: boolean): void {
    const before = this.#levels.get(part);
    if (before?.active === active) return;
    this.#levels.set(part, {
      active,
      changes: before === undefined ? 0 : before.changes + 1,
      changedAt: this.#clock.wall(),
    });
    this.#changed();
  }
}

const MOST_DOTS = 32;

/** Of 16 characters or more the first and last two, of 8 or more one each, of fewer none. */
export function masked(text: string): string {
  const letters = [...text];
  const shown = Math.min(2, Math.floor(letters.length / 8));
  const plain = (part: readonly string[]) =>
    part.map((letter) => (/^[\x21-\x7e]$/.test(letter) ? letter : '·')).join('');
  const dots = '•'.repeat(Math.min(letters.length - 2 * shown, MOST_DOTS));
  return `${plain(letters.slice(0, shown))}${dots}${shown === 0 ? '' : plain(letters.slice(-shown))}`;
}
