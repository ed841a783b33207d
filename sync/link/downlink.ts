/**
 * The tenant's rows on their way down, on one connection: a snapshot in parts that are staged, or what has changed since,
 * whole. Each is a chore: what was said first is done first, and scans are served between.
 */
import type { Clock, Timer } from '../../main/core/clock.ts';
import type { Change, ChangeKind } from '../wire/entities.ts';
import type { FromHub } from '../wire/from-hub.ts';
import { WIRE } from '../wire/limits.ts';
import { fits } from '../wire/merge.ts';
import type { ToHub } from '../wire/to-hub.ts';
import type { Chores, Step } from './chores.ts';
import type { ReadRows, Remote, Replica, RowsReader, Work } from './ports.ts';

type Said<T extends FromHub['type']> = Extract<FromHub, { readonly type: T }>;
export type RowsMessage = Said<'snapshot' | 'rows' | 'snapshot-end' | 'delta'>;

/** Changes of one delta, in all its parts. A hub sends a snapshot instead of so many. */
const MOST_CHANGES = 20_000;
/** A hub that has begun has read them already: so long it needs for no page. */
const STALLED_MS = 2 * WIRE.silenceMs;
/** Data that the unit can't use isn't asked for again at once. */
const ASK_AGAIN_MS = 60_000;
const LONGEST_ASK_AGAIN_MS = 3_600_000;
/** Rows of members' history: what is decided from, but no rule and no code. */
const HISTORY: readonly ChangeKind[] = ['usage', 'ticketUse', 'stay', 'transfer', 'ticket'];

export interface DownlinkParts {
  readonly clock: Clock;
  readonly replica: Replica;
  readonly remote: Pick<Remote, 'changed'>;
  readonly chores: Pick<Chores, 'add' | 'length'>;
  readonly reader: Pick<RowsReader, 'rest'>;
  readonly send: (message: ToHub) => void;
  /** More of what the hub has is applied here. */
  readonly applied: () => void;
  /** The hub doesn't keep to the protocol. */
  readonly distrust: (detail: string) => void;
  /** What is wrong with data that was refused whole; paths and expectations. */
  readonly refused: (lines: readonly string[]) => void;
}

export class Downlink {
  readonly #parts: DownlinkParts;
  #snapshot: { rows: number; readonly of: number; readonly at: number } | null = null;
  #open: { readonly from: number; readonly to: number; readonly changes: Change[] } | null = null;
  /** Revision that the hub has, as far as it has said. */
  #known = 0;
  /** What is here is of a history that the hub has no more. */
  #isStrange = false;
  #refusals = 0;
  #timer: Timer | null = null;
  /** When something of the rows under way came, or was applied. */
  #movedMono: number;

  constructor(parts: DownlinkParts) {
    this.#parts = parts;
    this.#movedMono = parts.clock.mono();
  }

  /** @param revision of the hub */
  start(revision: number): void {
    this.#known = revision;
    this.#parts.chores.add(lazily(() => this.#parts.replica.tidy()));
    this.#pull();
  }

  /** null: none is under way. */
  get progress(): { readonly rows: number; readonly of: number } | null {
    return this.#snapshot;
  }

  /** Whether all is applied that the hub has told of. */
  get isCurrent(): boolean {
    const { replica } = this.#parts;
    if (this.#snapshot !== null || this.#open !== null || this.#isStrange || this.#known === 0) return false;
    return replica.hubRevision() >= this.#known;
  }

  /** Rows are under way, and the hub says nothing of them any more. */
  get isStalled(): boolean {
    const { chores, clock } = this.#parts;
    if (this.#snapshot === null && this.#open === null) return false;
    return chores.length === 0 && clock.mono() - this.#movedMono >= STALLED_MS;
  }

  close(): void {
    this.#timer?.cancel();
  }

  take(message: RowsMessage): void {
    const wrong = this.#wrongIn(message);
    if (wrong !== null) this.#parts.distrust(wrong);
  }

  /** Rows that were read elsewhere. */
  takeRead(rows: ReadRows): void {
    const wrong = this.#rows(rows);
    if (wrong !== null) this.#parts.distrust(wrong);
  }

  #moved(): void {
    this.#movedMono = this.#parts.clock.mono();
  }

  /** @returns what isn't as the protocol has it; else it is taken */
  #wrongIn(message: RowsMessage): string | null {
    this.#moved();
    switch (message.type) {
      case 'snapshot':
        return this.#begin(message);
      case 'rows':
        return this.#rows(this.#unread(message));
      case 'snapshot-end':
        return this.#finish(message);
      case 'delta':
        return this.#delta(message);
    }
  }

  #begin({ revision, rows, resumed }: Said<'snapshot'>): string | null {
    const { replica, chores } = this.#parts;
    const staged = replica.staged();
    if (resumed && staged?.revision !== revision) return 'a snapshot went on that had not begun';
    this.#open = null;
    this.#known = Math.max(this.#known, revision);
    // One that runs is given up: the hub has begun anew.
    this.#snapshot = { rows: resumed ? (staged?.rows ?? 0) : 0, of: rows, at: revision };
    if (!resumed) chores.add(once(() => replica.beginSnapshot(revision)));
    return null;
  }

  #unread({ changes, cursor }: Said<'rows'>): ReadRows {
    return { count: changes.length, cursor, stage: () => this.#parts.replica.stage(changes, cursor) };
  }

  #rows({ count, stage }: ReadRows): string | null {
    const snapshot = this.#snapshot;
    if (snapshot === null) return 'rows came without a snapshot';
    this.#moved();
    this.#parts.chores.add(
      lazily(stage, () => {
        this.#moved();
        snapshot.rows += count;
      }),
    );
    return null;
  }

  #finish({ revision, knows }: Said<'snapshot-end'>): string | null {
    const { replica, chores, clock, reader } = this.#parts;
    const snapshot = this.#snapshot;
    if (snapshot === null) return 'a snapshot ended that had not begun';
    if (revision < snapshot.at) return 'a snapshot ended before it began';
    reader.rest();
    let trouble: () => readonly string[] = () => [];
    const finish = () => {
      const work = replica.finishSnapshot(revision, knows, clock.wall());
      trouble = work.trouble;
      return work;
    };
    chores.add(
      lazily(finish, () => {
        this.#snapshot = null;
        this.#applied(trouble(), revision, 'all');
        chores.add(lazily(() => replica.tidy()));
      }),
    );
    return null;
  }

  #delta({ from, to, changes, last }: Said<'delta'>): string | null {
    const { chores } = this.#parts;
    const open = this.#open;
    if (open !== null && (open.from !== from || open.to !== to)) return 'a delta began within another';
    if ((open?.changes.length ?? 0) + changes.length > MOST_CHANGES) return 'a delta has too many changes';
    const all = open?.changes ?? [];
    all.push(...changes);
    this.#known = Math.max(this.#known, to);
    this.#open = last ? null : { from, to, changes: all };
    if (last) chores.add(once(() => this.#apply(from, to, all)));
    return null;
  }

  #apply(from: number, to: number, changes: readonly Change[]): void {
    const { replica, clock } = this.#parts;
    const here = replica.hubRevision();
    // Said again, or overtaken by a snapshot.
    if (to <= here) return;
    if (!fits({ from, to }, here)) {
      this.#pull();
      return;
    }
    const done = replica.applyDelta(to, changes, clock.wall());
    const isHistory = changes.every(({ kind }) => HISTORY.includes(kind));
    this.#applied(done.ok ? [] : done.error, to, isHistory ? 'history' : 'all');
  }

  #applied(trouble: readonly string[], revision: number, what: 'all' | 'history'): void {
    const { remote, send, refused, applied } = this.#parts;
    if (trouble.length > 0) {
      refused(trouble);
      this.#askAgain();
      return;
    }
    this.#refusals = 0;
    this.#isStrange = false;
    remote.changed(what);
    send({ type: 'applied', revision });
    applied();
  }

  /** From the beginning: what came so far can't be gone on from. */
  #askAgain(): void {
    const pause = Math.min(LONGEST_ASK_AGAIN_MS, ASK_AGAIN_MS * 2 ** Math.min(this.#refusals, 10));
    this.#refusals += 1;
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.after('link asks for a snapshot', pause, () => {
      if (this.#snapshot === null) this.#parts.send({ type: 'pull', since: 0, resume: null });
    });
  }

  #pull(): void {
    const { replica, send } = this.#parts;
    const here = replica.hubRevision();
    const staged = replica.staged();
    // A hub that knows less than we do was restored from an older copy: its history is another one from there on.
    const isOlder = this.#known < here;
    this.#isStrange = isOlder;
    const resume =
      staged === null || isOlder || staged.revision > this.#known
        ? null
        : { revision: staged.revision, cursor: staged.cursor };
    send({ type: 'pull', since: isOlder ? 0 : here, resume });
  }
}

/** In one go. */
function once(run: () => void): Step {
  return () => {
    run();
    return true;
  };
}

/** Begun when it is its turn. */
function lazily(begin: () => Work, done: () => void = () => undefined): Step {
  let work: Work | null = null;
  return (budgetMs) => {
    work ??= begin();
    if (!work.step(budgetMs)) return false;
    done();
    return true;
  };
}
