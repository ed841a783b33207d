/**
 * What goes to one unit in many messages: a snapshot, or a delta in parts. Each waits until the one before is out, so a
 * slow unit holds back nobody but itself; a snapshot takes one of a few places.
 */
import { rowTexts } from './parts.ts';
import type { HubParts } from './ports.ts';
import type { Member, Session } from './session.ts';

export interface Resume {
  readonly revision: number;
  readonly cursor: string;
}

export class Streams {
  readonly #parts: Pick<HubParts, 'store' | 'limits'>;
  readonly #queue: (() => void)[] = [];
  #taken = 0;

  constructor(parts: Pick<HubParts, 'store' | 'limits'>) {
    this.#parts = parts;
  }

  /** Resolves when it has all been sent, or another stream has begun. Afterwards it follows from the end of it. */
  async snapshot(session: Session, member: Member, resume: Resume | null): Promise<void> {
    const mine = begin(session);
    await this.#place();
    try {
      if (isLatest(session, mine)) await this.#sendSnapshot(session, member.tenant, mine, resume);
    } finally {
      this.#giveBack();
    }
  }

  /** A delta in parts, each as bytes. Afterwards it follows from `to`. */
  async delta(session: Session, to: number, parts: readonly Buffer[]): Promise<void> {
    const mine = begin(session);
    for (const part of parts) {
      if (!isLatest(session, mine)) return;
      await session.sendPaced(part);
    }
    if (isLatest(session, mine)) session.follows = to;
  }

  async #sendSnapshot(session: Session, tenant: string, mine: number, resume: Resume | null): Promise<void> {
    const { store, limits } = this.#parts;
    const revision = resume?.revision ?? (await store.revision(tenant));
    session.send({ type: 'snapshot', revision, rows: await store.count(tenant), resumed: resume !== null });
    let cursor: string | null = resume === null || resume.cursor === '' ? null : resume.cursor;
    let last = cursor ?? '';
    do {
      const page = await store.snapshotPage(tenant, cursor, limits.pageRows);
      for (const text of rowTexts(page.changes, [last, page.cursor ?? last], limits.partLength)) {
        if (!isLatest(session, mine)) return;
        await session.sendPaced(text);
      }
      cursor = page.cursor;
      last = cursor ?? last;
      // Others have their turn after each page, so that a slow line keeps no place from them.
      if (this.#queue.length > 0) {
        this.#giveBack();
        await this.#place();
      }
    } while (cursor !== null);
    await this.#closeSnapshot(session, tenant, mine, revision, last);
  }

  async #closeSnapshot(session: Session, tenant: string, mine: number, since: number, cursor: string): Promise<void> {
    const closing = await this.#parts.store.closeSnapshot(tenant, since);
    // It began too long ago: what has gone since then is forgotten.
    if (closing === null) return isLatest(session, mine) ? this.#sendSnapshot(session, tenant, mine, null) : undefined;
    const { revision, changes, knows } = closing;
    for (const text of rowTexts(changes, [cursor, cursor], this.#parts.limits.partLength)) {
      if (!isLatest(session, mine)) return;
      await session.sendPaced(text);
    }
    if (!isLatest(session, mine)) return;
    session.send({ type: 'snapshot-end', revision, knows: [...knows] });
    session.follows = revision;
  }

  async #place(): Promise<void> {
    if (this.#taken < this.#parts.limits.snapshots) {
      this.#taken += 1;
      return;
    }
    // Whoever leaves hands the place on.
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  #giveBack(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}

function begin(session: Session): number {
  session.follows = null;
  session.stream += 1;
  return session.stream;
}

function isLatest(session: Session, mine: number): boolean {
  return !session.isOver && session.stream === mine;
}
