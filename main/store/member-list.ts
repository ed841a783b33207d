/** Members as staff see them, opened a few at a time. */
import type { Database, Statement } from 'better-sqlite3';
import { PersonalForm } from '../contract/site.ts';
import type { Keys } from './keys.ts';
import { sealName } from './site.ts';

export interface ListedMember {
  readonly id: string;
  readonly name: string;
  readonly kana: string | null;
  readonly codes: readonly string[];
  readonly suspended: boolean;
}

interface Row {
  readonly id: string;
  readonly suspended: number;
  readonly sealed: Buffer;
}

const ROW = 'SELECT id, suspended_profile OR suspended_identity AS suspended, sealed FROM member';

export class MemberList {
  readonly #keys: Keys;
  readonly #slice: Statement<[string, number], Row>;
  readonly #one: Statement<[string], Row>;
  readonly #insideOf: Statement<[string, number, number], { placeId: string; since: number }>;

  constructor(db: Database, keys: Keys) {
    this.#keys = keys;
    this.#slice = db.prepare(`${ROW} WHERE id > ? ORDER BY id LIMIT ?`);
    this.#one = db.prepare(`${ROW} WHERE id = ?`);
    // No index is named: a snapshot brings its own.
    this.#insideOf = db.prepare(`
      SELECT place_id AS placeId, entered_at AS since FROM stay
      WHERE member_id = ? AND entered_at > ? AND entered_at <= ? AND exited_at IS NULL`);
  }

  /** The next ones behind an id, in the order of ids; '' is before all. */
  slice(after: string, count: number): ListedMember[] {
    return this.#slice.all(after, count).map((row) => this.#open(row));
  }

  has(id: string): boolean {
    return this.#one.get(id) !== undefined;
  }

  find(id: string): ListedMember | null {
    const row = this.#one.get(id);
    return row === undefined ? null : this.#open(row);
  }

  /** Where the member is now. @param from a stay that is open began after this, epoch ms @param at now */
  insideOf(id: string, from: number, at: number): { readonly placeId: string; readonly since: number }[] {
    return this.#insideOf.all(id, from, at);
  }

  #open({ id, suspended, sealed }: Row): ListedMember {
    const { name, kana, codes } = PersonalForm.parse(this.#keys.open(sealName(id), sealed));
    return { id, name, kana, codes, suspended: suspended === 1 };
  }
}
