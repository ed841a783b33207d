import type { Database, Statement } from 'better-sqlite3';

/** What staff have ordered for a door. */
export interface KeptOrder {
  readonly doorId: string;
  readonly lockdown: boolean;
  /** Held unlocked until then, epoch ms; null: not held. */
  readonly heldUntil: number | null;
}

export interface KeptOrders {
  /** There was a fire, and nobody has reset it. */
  readonly fire: boolean;
  readonly doors: readonly KeptOrder[];
}

/** The orders that hold, across restarts. Written in the transaction of the event that says who gave them. */
export class DoorOrderStore {
  readonly #all: Statement<[], { doorId: string; lockdown: number; heldUntil: number | null }>;
  readonly #fire: Statement<[], { n: number }>;
  readonly #forget: Statement<[]>;
  readonly #keep: Statement<[string, number, number | null]>;
  readonly #quench: Statement<[]>;
  readonly #burn: Statement<[]>;

  constructor(db: Database) {
    this.#all = db.prepare(
      'SELECT door_id AS doorId, lockdown, held_until AS heldUntil FROM door_order ORDER BY door_id',
    );
    this.#fire = db.prepare('SELECT count(*) AS n FROM fire_latch');
    this.#forget = db.prepare('DELETE FROM door_order');
    this.#keep = db.prepare('INSERT INTO door_order (door_id, lockdown, held_until) VALUES (?, ?, ?)');
    this.#quench = db.prepare('DELETE FROM fire_latch');
    this.#burn = db.prepare('INSERT INTO fire_latch (id) VALUES (1)');
  }

  read(): KeptOrders {
    const doors = this.#all.all().map((row) => ({ ...row, lockdown: row.lockdown === 1 }));
    return { fire: (this.#fire.get()?.n ?? 0) > 0, doors };
  }

  /** Keeps these orders and no others. */
  replace({ fire, doors }: KeptOrders): void {
    this.#forget.run();
    for (const { doorId, lockdown, heldUntil } of doors) this.#keep.run(doorId, lockdown ? 1 : 0, heldUntil);
    this.#quench.run();
    if (fire) this.#burn.run();
  }
}
