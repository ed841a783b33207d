/** A unit with a hub, for tests: it judges by the real rules, on its real store, and speaks with a `ModelHub`. */
import { decideEntry, decideExit } from '../core/decide.ts';
import { factsWindow, momentOf } from '../core/moment.ts';
import { digestOfSite } from './digest.ts';
import { withEffects } from './effects.ts';
import type { UnitReplica } from './replica.ts';
import type { Work } from './sliced.ts';
import { must, TestStore } from './testing.ts';
import type { ModelHub } from './testing-hub.ts';

const ALL = { events: 500, bytes: 1_000_000 };

export class SyncedUnit {
  readonly unit: TestStore;
  readonly hub: ModelHub;
  replica: UnitReplica;
  /** Granted entries. */
  readonly entries: number[] = [];
  /** Pieces of a slice, which are counted here, not timed. */
  budget = 40;
  #ticks = 0;

  constructor(hub: ModelHub, unit = new TestStore(null)) {
    this.hub = hub;
    this.unit = unit;
    this.replica = unit.store.replica(() => this.#tick());
    this.replica.pair({ tenant: 't', hubKey: 'k', sealKey: 's', url: 'ws://localhost' });
  }

  get id(): string {
    return this.replica.unit().unit;
  }

  get digest(): string {
    return digestOfSite(this.unit.store.exportSite());
  }

  /** Reads the file anew, as after a restart. */
  restart(): void {
    this.replica = this.unit.store.replica(() => this.#tick());
  }

  scan(memberId: string, at: number, direction: 'in' | 'out', ticketId: string | null = null): number {
    const { store, rules } = this.unit;
    const door = rules.doors.get('front');
    if (door === undefined) throw new Error('no door');
    return must(
      store.transact((writer) => {
        const member = writer.facts.memberById(memberId, door.placeId, factsWindow(rules, at));
        const { result, changes } =
          direction === 'in' ? decideEntry(rules, door, at, member, ticketId) : decideExit(rules, door, at, member);
        const detail = withEffects({}, writer.history.effects(result.memberId, changes));
        const about = { readerId: 'r', of: null, clock: 'synced', doorId: 'front' } as const;
        const seq = writer.record.append({ ...about, at, type: 'scan', direction, result, detail });
        writer.history.apply(seq, at, result.memberId, changes);
        if (direction === 'in' && result.granted) this.entries.push(seq);
        return seq;
      }),
    );
  }

  undo(of: number, memberId: string, at: number): void {
    const none = { doorId: null, readerId: null, direction: null, result: null, clock: 'synced' } as const;
    must(
      this.unit.store.transact(({ record, undo }) => {
        if (undo.isUndone(of)) return;
        const plan = undo.plan(of, memberId);
        const seq = record.append({ at, type: 'undo', of, ...none, detail: { effects: plan.effects } });
        undo.undo(plan, seq, momentOf(this.unit.rules, at).businessDay);
      }),
    );
  }

  /** Sends what the hub doesn't have, at most so many. */
  push(events = 500): void {
    const { unit, epoch } = this.replica.unit();
    const after = this.hub.heads.get(`${unit} ${epoch}`)?.seq ?? 0;
    const batch = this.replica.outgoing(after, { ...ALL, events });
    if (batch === null) return;
    this.replica.acknowledge(epoch, this.hub.receive(unit, epoch, batch.from, batch.bodies));
  }

  pull(): void {
    const from = this.replica.hubRevision();
    if (from === 0) this.snapshot();
    else if (from < this.hub.revision) {
      must(this.replica.applyDelta(this.hub.revision, this.hub.since(from), 0));
      this.unit.forgetRules();
    }
  }

  snapshot(between: () => void = () => undefined): void {
    const began = this.hub.revision;
    this.replica.beginSnapshot(began);
    const rows = this.hub.all();
    for (let at = 0; at < rows.length; at += 7) {
      this.run(this.replica.stage(rows.slice(at, at + 7), String(at)));
      if (at % 21 === 0) between();
    }
    this.close(began, between);
  }

  /** What has changed since, and the switch. */
  close(began: number, between: () => void = () => undefined): void {
    const { revision, knows } = this.hub;
    const since = this.hub.since(began);
    if (since.length > 0) this.run(this.replica.stage(since, 'end'));
    const work = this.replica.finishSnapshot(revision, knows, 0);
    while (!work.step(this.budget)) between();
    if (work.trouble().length > 0) throw new Error(work.trouble().join('\n'));
    this.run(this.replica.tidy());
    this.unit.forgetRules();
  }

  /** What another unit has recorded after `after` is heard on the site's network. */
  hear(other: SyncedUnit): void {
    const { unit, epoch } = other.replica.unit();
    const after = this.replica.heardOf().find((one) => one.unit === unit && one.epoch === epoch)?.seq ?? 0;
    const batch = other.replica.outgoing(after, ALL);
    if (batch === null) return;
    const events = batch.bodies.map((body, index) => {
      const { detail } = JSON.parse(body);
      return { seq: batch.from + index, body, effects: detail.effects };
    });
    this.replica.hear(unit, epoch, events, { hash: batch.hash, proof: 'p' });
  }

  run(work: Work): void {
    while (!work.step(this.budget));
  }

  #tick(): number {
    this.#ticks += 1;
    return this.#ticks;
  }
}
