/** `rules.decisions`: facts and decision of the engine, against the same indexed reads alone. */
import { randomInt } from 'node:crypto';
import Database from 'better-sqlite3';
import { SystemClock } from '../../device/clock/system.ts';
import { decideEntry } from '../../main/core/decide.ts';
import { factsWindow } from '../../main/core/moment.ts';
import { compileRules } from '../../main/core/rules.ts';
import type { Keys } from '../../main/store/keys.ts';
import { Store } from '../../main/store/store.ts';
import { BENCH_TIME, codeOf, SIZE } from './data.ts';
import { median, type Row, rowOf } from './row.ts';

const BLOCK = 2_000;
const BLOCKS = 15;

/** The reads that a decision needs, with nothing made of them. */
const READS = [
  'SELECT id, suspended_profile OR suspended_identity FROM code JOIN member ON id = member_id WHERE digest = ?',
  'SELECT id, plan_id, from_day, to_day FROM contract WHERE member_id = ? ORDER BY position',
  'SELECT id, type_id, issued_day, remaining, EXISTS (SELECT 1 FROM ticket_use WHERE ticket_id = ticket.id AND day = ?) FROM ticket WHERE member_id = ? ORDER BY position',
  "SELECT store_id, program_id, start_at, end_at FROM reservation WHERE member_id = ? AND end_at > ? AND status = 'booked' ORDER BY position",
  'SELECT contract_id, band_id, day FROM usage WHERE member_id = ? AND day >= ?',
  "SELECT id, entered_at, via_contract_id, via_until FROM stay WHERE member_id = ? AND place_id = 'pl' AND entered_at > ? AND exited_at IS NULL ORDER BY id",
] as const;

export function benchRules(file: string, keys: Keys): Row[] {
  const store = Store.open(file, keys, 'read');
  if (!store.ok) throw new Error(store.error.detail);
  const master = store.value.master();
  if (master === null) throw new Error('the bench has no site');
  const rules = compileRules(master);
  const door = rules.doors.get('front');
  if (door === undefined) throw new Error('the bench has no door');
  const db = new Database(file, { readonly: true });
  const [member, contracts, tickets, reservations, usage, stays] = READS.map((sql) =>
    db.prepare<unknown[], { id: string }>(sql),
  );
  const window = factsWindow(rules, BENCH_TIME);
  const clock = new SystemClock();

  const read = db.transaction((digest: Buffer) => {
    const id = member?.get(digest)?.id;
    contracts?.all(id);
    tickets?.all(window.businessDay, id);
    reservations?.all(id, window.at);
    usage?.all(id, window.usageFrom);
    stays?.all(id, window.staysAfter);
  });
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
