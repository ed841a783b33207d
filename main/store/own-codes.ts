/**
 * Codes that this unit has made: of staff, which open and are no entries, and of visitors. Each is found by its keyed
 * digest; who made it saw it once.
 */
import { randomBytes } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import * as z from 'zod';
import type { Keys } from './keys.ts';

export interface StaffCode {
  readonly id: string;
  readonly staffId: string;
  /** Epoch ms. */
  readonly madeAt: number;
}

export interface VisitorPass {
  readonly id: string;
  /** Epoch ms from which it opens nothing. */
  readonly until: number;
  readonly doorIds: readonly string[];
  readonly madeAt: number;
}

interface PassRow {
  readonly id: string;
  readonly until: number;
  readonly doors: string;
  readonly madeAt: number;
}

const Doors = z.array(z.string());
/** Nobody looks up an ended one after this time. */
const ENDED_MS = 31 * 86_400_000;
const PREFIX = { staff: 'GENKAN-S-', visitor: 'GENKAN-V-' } as const;
const SECRET_BYTES = 16;

export class OwnCodes {
  readonly #keys: Keys;
  readonly #staffCode: Statement<[Buffer], StaffCode>;
  readonly #staffCodes: Statement<[], StaffCode>;
  readonly #addStaffCode: Statement<[Buffer, string, string, number]>;
  readonly #endStaffCode: Statement<[string]>;
  readonly #endStaffCodesOf: Statement<[string]>;
  readonly #pass: Statement<[Buffer], PassRow>;
  readonly #passes: Statement<[number], PassRow>;
  readonly #addPass: Statement<[Buffer, string, number, string, number]>;
  readonly #endPass: Statement<[string]>;
  readonly #forget: Statement<[number]>;

  constructor(db: Database, keys: Keys) {
    this.#keys = keys;
    const staffCode = 'SELECT id, staff_id AS staffId, made_at AS madeAt FROM staff_code';
    this.#staffCode = db.prepare(`${staffCode} WHERE digest = ?`);
    this.#staffCodes = db.prepare(`${staffCode} ORDER BY made_at DESC, id LIMIT 1000`);
    this.#addStaffCode = db.prepare('INSERT INTO staff_code (digest, id, staff_id, made_at) VALUES (?, ?, ?, ?)');
    this.#endStaffCode = db.prepare('DELETE FROM staff_code WHERE id = ?');
    this.#endStaffCodesOf = db.prepare('DELETE FROM staff_code WHERE staff_id = ?');
    const pass = 'SELECT id, until, doors, made_at AS madeAt FROM visitor_pass';
    this.#pass = db.prepare(`${pass} WHERE digest = ?`);
    this.#passes = db.prepare(`${pass} WHERE until > ? ORDER BY until LIMIT 1000`);
    this.#addPass = db.prepare('INSERT INTO visitor_pass (digest, id, until, doors, made_at) VALUES (?, ?, ?, ?, ?)');
    this.#endPass = db.prepare('DELETE FROM visitor_pass WHERE id = ?');
    this.#forget = db.prepare('DELETE FROM visitor_pass WHERE until <= ?');
  }

  /** Whose code it is; null: nobody's. Costs nothing for codes that aren't of this kind. */
  findStaff(text: string): StaffCode | null {
    const digest = this.#digest('staff', text);
    return digest === null ? null : (this.#staffCode.get(digest) ?? null);
  }

  staffCodes(): StaffCode[] {
    return this.#staffCodes.all();
  }

  /** One a person. @param at epoch ms @returns the text, which is kept nowhere */
  makeStaffCode(staffId: string, at: number): { readonly id: string; readonly text: string } {
    this.#endStaffCodesOf.run(staffId);
    const { id, text, digest } = this.#fresh('staff');
    this.#addStaffCode.run(digest, id, staffId, at);
    return { id, text };
  }

  /** False where there is none of this id. */
  endStaffCode(id: string): boolean {
    return this.#endStaffCode.run(id).changes === 1;
  }

  endStaffCodesOf(staffId: string): void {
    this.#endStaffCodesOf.run(staffId);
  }

  findPass(text: string): VisitorPass | null {
    const digest = this.#digest('visitor', text);
    const row = digest === null ? undefined : this.#pass.get(digest);
    return row === undefined ? null : passOf(row);
  }

  /** Those that open still. @param at epoch ms */
  passes(at: number): VisitorPass[] {
    return this.#passes.all(at).map(passOf);
  }

  /** @param at epoch ms @returns the text, which is kept nowhere but where the caller holds it for the hub */
  makePass(until: number, doorIds: readonly string[], at: number): { readonly id: string; readonly text: string } {
    this.#forget.run(at - ENDED_MS);
    const { id, text, digest } = this.#fresh('visitor');
    this.#addPass.run(digest, id, until, JSON.stringify(doorIds), at);
    return { id, text };
  }

  endPass(id: string): boolean {
    return this.#endPass.run(id).changes === 1;
  }

  #fresh(kind: keyof typeof PREFIX): { readonly id: string; readonly text: string; readonly digest: Buffer } {
    // Letters and digits of one case: a QR code of few modules, which any camera reads.
    const text = `${PREFIX[kind]}${randomBytes(SECRET_BYTES).toString('hex').toUpperCase()}`;
    return { id: `${kind}-${randomBytes(6).toString('hex')}`, text, digest: this.#keys.digestCode(text) };
  }

  #digest(kind: keyof typeof PREFIX, text: string): Buffer | null {
    const code = text.trim();
    return code.startsWith(PREFIX[kind]) ? this.#keys.digestCode(code) : null;
  }
}

function passOf({ doors, ...row }: PassRow): VisitorPass {
  return { ...row, doorIds: Doors.parse(JSON.parse(doors)) };
}
