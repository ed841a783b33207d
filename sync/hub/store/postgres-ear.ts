/** LISTEN on a connection of its own: comes back by itself, and then tells of what changed while it was deaf. */
import type pg from 'pg';
import * as z from 'zod';
import type { Clock, Timer } from '../../../main/core/clock.ts';
import type { Word } from './database.ts';

export const CHANNEL = 'genkan_hub';
const PAUSE_MS = 500;

const WordForm = z.discriminatedUnion('about', [
  z.object({
    about: z.literal('revision'),
    tenant: z.string(),
    revision: z.int(),
    by: z.enum(['events', 'hub']).default('hub'),
  }),
  z.object({ about: z.literal('told'), topic: z.string(), text: z.string() }),
]) satisfies z.ZodType<Word>;

type Revisions = () => Promise<readonly { readonly id: string; readonly revision: number }[]>;

export class PostgresEar {
  readonly #clock: Clock;
  readonly #connect: () => pg.Client;
  readonly #revisions: Revisions;
  readonly #hears = new Set<(word: Word) => void>();
  /** The latest revision that was told, by tenant. */
  readonly #told = new Map<string, number>();
  /** It has listened before: what changed since then is told. */
  #wasDeaf = false;
  #client: pg.Client | null = null;
  #retry: Timer | null = null;
  #isClosed = false;

  /** @param revisions where all tenants stand */
  constructor(clock: Clock, connect: () => pg.Client, revisions: Revisions) {
    this.#clock = clock;
    this.#connect = connect;
    this.#revisions = revisions;
  }

  async add(hear: (word: Word) => void): Promise<() => Promise<void>> {
    this.#hears.add(hear);
    if (this.#client === null && this.#retry === null) await this.#listen();
    return async () => {
      this.#hears.delete(hear);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#retry?.cancel();
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #listen(): Promise<void> {
    const client = this.#connect();
    this.#client = client;
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    client.on('notification', ({ payload }) => this.#take(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      // Only now is nothing missed: what was committed before the LISTEN is in this answer.
      for (const { id, revision } of await this.#revisions()) {
        if (this.#wasDeaf) this.#tell({ about: 'revision', tenant: id, revision, by: 'hub' });
        else this.#told.set(id, revision);
      }
      this.#wasDeaf = true;
    } catch {
      this.#lost(client);
    }
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    client.end().catch(() => undefined);
    if (this.#isClosed) return;
    this.#retry ??= this.#clock.after('hub listens again', PAUSE_MS, () => {
      this.#retry = null;
      void this.#listen();
    });
  }

  #take(payload: string): void {
    let json: unknown;
    try {
      json = JSON.parse(payload);
    } catch {
      return;
    }
    const word = WordForm.safeParse(json);
    if (word.success) this.#tell(word.data);
  }

  #tell(word: Word): void {
    if (word.about === 'revision') {
      if (word.revision <= (this.#told.get(word.tenant) ?? 0)) return;
      this.#told.set(word.tenant, word.revision);
    }
    for (const hear of this.#hears) hear(word);
  }
}
