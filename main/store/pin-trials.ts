import type { Database, Statement } from 'better-sqlite3';

export interface PinTrials {
  /** `staff ID`, `setup` or `unit`. */
  readonly who: string;
  /** Wrong ones in a row. */
  readonly failures: number;
  /** Epoch ms of the last. */
  readonly failedAt: number;
}

/** Wrong PINs and setup codes, across restarts. */
export class PinTrialStore {
  readonly #all: Statement<[], PinTrials>;
  readonly #note: Statement<[string, number, number]>;
  readonly #forget: Statement<[string]>;

  constructor(db: Database) {
    this.#all = db.prepare('SELECT who, failures, failed_at AS failedAt FROM pin_trial');
    this.#note = db.prepare(`
      INSERT INTO pin_trial (who, failures, failed_at) VALUES (?, ?, ?)
      ON CONFLICT (who) DO UPDATE SET failures = excluded.failures, failed_at = excluded.failed_at`);
    this.#forget = db.prepare('DELETE FROM pin_trial WHERE who = ?');
  }

  all(): PinTrials[] {
    return this.#all.all();
  }

  /** As they stand now; no failure is none. */
  note({ who, failures, failedAt }: PinTrials): void {
    if (failures > 0) this.#note.run(who, failures, failedAt);
    else this.#forget.run(who);
  }
}
