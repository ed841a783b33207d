/** `rules.decisions`: facts and decision of the engine, against the same indexed reads alone. */
import { randomInt } from 'node:crypto';
import Database from 'better-sqlite3';
import { SystemClock } from '../../device/clock/system.ts';
import { decideEntry } from '../../main/core/decide.ts';
import { type FactsWindow, factsWindow } from '../../main/core/moment.ts';
import { compileRules } from '../../main/core/rules.ts';
import { FACTS_SQL } from '../../main/store/facts.ts';
import type { Keys } from '../../main/store/keys.ts';
import { Store } from '../../main/store/store.ts';
import { BENCH_TIME, codeOf, SIZE } from './data.ts';
import { median, type Row, rowOf } from './row.ts';

const BLOCK = 2_000;
const BLOCKS = 15;

export function benchRules(file: string, keys: Keys): Row[] {
  const store = Store.open(file, keys, 'read');
  if (!store.ok) throw new Error(store.error.detail);
  const master = store.value.master();
  if (master === null) throw new Error('the bench has no site');
  const rules = compileRules(master);
  const door = rules.doors.get('front');
  if (door === undefined) throw new Error('the bench has no door');
  const db = new Database(file, { readonly: true });
  const window = factsWindow(rules, BENCH_TIME);
  const clock = new SystemClock();

  const read = readsOf(db, window, door.placeId);
  const decide = (code: string) =>
    store.value.read((facts) => {
      const found = facts.memberByCode(code, door.placeId, factsWindow(rules, BENCH_TIME));
      return decideEntry(rules, door, BENCH_TIME, found);
    });

  const reference: number[] = [];
  const candidate: number[] = [];
  for (let block = 0; block < BLOCKS; block += 1) {
    const codes = Array.from({ length: BLOCK }, () => codeOf(randomInt(SIZE.members)));
    const digests = codes.map((code) => keys.digestCode(code));
    const started = clock.mono();
    for (const digest of digests) read(digest);
    const between = clock.mono();
    for (const code of codes) decide(code);
    const ended = clock.mono();
    // The first block fills caches for both.
    if (block === 0) continue;
    reference.push((between - started) / BLOCK);
    candidate.push((ended - between) / BLOCK);
  }
  db.close();
  store.value.close();
  const [perRead, perDecision] = [median(reference), median(candidate)];
  return [
    rowOf(
      { name: 'rules.decisions.rate', unit: '1/s', value: 1_000 / perDecision, reference: 1_000 / perRead },
      { text: '>= 20000/s', holds: (rate) => rate >= 20_000 },
    ),
    rowOf(
      { name: 'rules.decisions.ratio', unit: 'ms', value: perDecision, reference: perRead },
      { text: '<= 2x the time of the same reads', holds: (_, ratio) => ratio !== null && ratio <= 2 },
    ),
  ];
}

/** The reads that a decision needs, in a read transaction, with nothing made of them. */
function readsOf(db: Database.Database, window: FactsWindow, placeId: string): (digest: Buffer) => void {
  const raw = (name: keyof typeof FACTS_SQL) => db.prepare<unknown[], [string]>(FACTS_SQL[name]).raw();
  const [code, member, contracts, tickets] = [raw('code'), raw('member'), raw('contracts'), raw('tickets')];
  const [reservations, usage, stays] = [raw('reservations'), raw('usage'), raw('stays')];
  return db.transaction((digest: Buffer) => {
    const id = code.get(digest)?.[0];
    member.get(id);
    contracts.all(id);
    tickets.all(window.businessDay, id);
    reservations.all(id, window.at);
    usage.all(id, window.usageFrom);
    stays.all(id, placeId, window.staysAfter);
  });
}
