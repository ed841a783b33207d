/** When units were heard, up to what they have applied and what waits there: gathered, and written every few seconds. */
import type { HubParts } from './ports.ts';

interface Note {
  readonly at: number;
  readonly appliedRevision: number | null;
  readonly queued: number | null;
}

export class Seen {
  readonly #parts: Pick<HubParts, 'store' | 'clock' | 'limits'>;
  readonly #notes = new Map<string, Note>();

  constructor(parts: Pick<HubParts, 'store' | 'clock' | 'limits'>) {
    this.#parts = parts;
  }

  note(unit: string, appliedRevision: number | null, queued: number | null): void {
    const former = this.#notes.get(unit);
    this.#notes.set(unit, {
      at: this.#parts.clock.wall(),
      appliedRevision: appliedRevision ?? former?.appliedRevision ?? null,
      queued: queued ?? former?.queued ?? null,
    });
  }

  /** All of it, some units at a time, each time in a moment of its own: events that wait meanwhile don't wait for all. */
  async write(): Promise<void> {
    const { clock, limits } = this.#parts;
    for (let left = this.#notes.size; left > 0; left -= limits.seenUnits) {
      await this.#writeSome();
      if (left > limits.seenUnits) await new Promise<void>((resolve) => clock.after('units seen', 0, resolve));
    }
  }

  /** All of it, at once. */
  async flush(): Promise<void> {
    while (this.#notes.size > 0) await this.#writeSome();
  }

  /** Those that were heard first. What can't be written now is lost with the next: it is no record. */
  async #writeSome(): Promise<void> {
    const { store, limits } = this.#parts;
    const some: Parameters<HubParts['store']['seen']>[0][number][] = [];
    for (const [unit, note] of this.#notes) {
      if (some.length === limits.seenUnits) break;
      some.push({ unit, ...note });
      this.#notes.delete(unit);
    }
    if (some.length > 0) await store.seen(some);
  }
}
