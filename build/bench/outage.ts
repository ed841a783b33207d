/** A month without a hub: visits as the running unit records them, four events each, all of them unsent. */
import type { Changes } from '../../main/core/decide.ts';
import { compileRules, type Rules } from '../../main/core/rules.ts';
import { openStore } from '../../main/store/data-dir.ts';
import { withEffects } from '../../main/store/effects.ts';
import type { Store, Writer } from '../../main/store/store.ts';
import { BENCH_TIME } from './data.ts';

const DAY_MS = 86_400_000;
const STAY_MS = 3_600_000;
const EVENTS_OF_VISIT = 4;
const VISITS_AT_ONCE = 1_000;
/** Every fifth member has a plan that counts dates and admits all day. */
const EVERY = 5;

/** @param members of the site @returns number of the last event */
export function recordOutage(dataDir: string, events: number, members: number): number {
  const store = openStore(dataDir, 'write');
  if (!store.ok) throw new Error(store.error.detail);
  const master = store.value.master();
  if (master === null) throw new Error('the unit has no site yet');
  const visitors = Math.floor(members / EVERY);
  const visits = Math.ceil(events / EVENTS_OF_VISIT);
  const outage = new Outage(compileRules(master), visitors, Math.ceil(visits / visitors));
  for (let at = 0; at < visits; at += VISITS_AT_ONCE) {
    const upTo = Math.min(visits, at + VISITS_AT_ONCE);
    const done = store.value.transact((writer) => {
      for (let visit = at; visit < upTo; visit += 1) outage.visit(writer, visit);
    });
    if (!done.ok) throw new Error(done.error.detail);
  }
  return close(store.value);
}

function close(store: Store): number {
  const head = store.record.last()?.seq ?? 0;
  store.close();
  return head;
}

class Outage {
  readonly #rules: Rules;
  readonly #visitors: number;
  readonly #days: number;

  constructor(rules: Rules, visitors: number, days: number) {
    this.#rules = rules;
    this.#visitors = visitors;
    this.#days = days;
  }

  visit(writer: Writer, visit: number): void {
    const member = (visit % this.#visitors) * EVERY;
    const at = BENCH_TIME - (this.#days - Math.floor(visit / this.#visitors)) * DAY_MS + visit;
    const day = this.#rules.zone.localDay(at);
    const consumed = { kind: 'band', contractId: `c${member}`, bandId: 'full', day } as const;
    this.#scan(writer, member, at, { consumed, enter: { placeId: 'pl', at, via: null } });
    const window = { at, businessDay: day, usageFrom: day, staysAfter: at - STAY_MS };
    const stays = writer.facts.memberById(`m${member}`, 'pl', window)?.stays ?? [];
    this.#scan(writer, member, at + STAY_MS, { leave: stays.map(({ id }) => id) });
  }

  /** The scan with what it changes, and what became of the door. */
  #scan(writer: Writer, member: number, at: number, changed: Partial<Changes>): void {
    const nothing = { consumed: null, reused: null, inside: null, enter: null, leave: [] };
    const changes = { ...nothing, businessDay: this.#rules.zone.localDay(at), ...changed };
    const memberId = `m${member}`;
    const direction = changes.leave.length > 0 ? 'out' : 'in';
    const common = { doorId: 'front', readerId: 'front-in', direction, clock: 'synced' } as const;
    const none = { contractId: null, bandId: null, consumed: [], remaining: null, warnings: [], stay: null };
    const reason = direction === 'in' ? 'plan' : 'exit';
    const result = { granted: true, reason, memberId, alert: 'none', ...none } as const;
    const detail = withEffects({ code: 'known' }, writer.history.effects(memberId, changes));
    const seq = writer.record.append({ ...common, at, type: 'scan', result, of: null, detail });
    writer.history.apply(seq, at, memberId, changes);
    writer.record.append({ ...common, at, type: 'outcome', result: null, of: seq, detail: { outcome: 'passed' } });
  }
}
