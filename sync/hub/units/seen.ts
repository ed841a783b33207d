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

  /** What can't be written now is lost with the next: it is no record. */
  async flush(): Promise<void> {
    if (this.#notes.size === 0) return;
    const reports = [...this.#notes].map(([unit, note]) => ({ unit, ...note }));
    this.#notes.clear();
    const { store, limits } = this.#parts;
    for (let at = 0; at < reports.length; at += limits.seenUnits)
      await store.seen(reports.slice(at, at + limits.seenUnits));
  }
}
