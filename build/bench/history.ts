/**
 * `history.queries`: the slowest question of the staff's history screens, on a copy of the large site with a year of
 * visits: 1,000,000 stays at one place, 400,000 ticket uses, 2,000 contracts over their limit.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SystemClock } from '../../device/clock/system.ts';
import { compileRules, type Rules } from '../../main/core/rules.ts';
import { DAY_MS } from '../../main/core/time/day.ts';
import type { Keys } from '../../main/store/keys.ts';
import type { HistoryReader, Page, TicketUse } from '../../main/store/queries.ts';
import type { OverLimit } from '../../main/store/queries-over-limit.ts';
import type { VisitRow } from '../../main/store/queries-sql.ts';
import { Store } from '../../main/store/store.ts';
import { BENCH_TIME, SIZE } from './data.ts';
import { median, type Row, rowOf } from './row.ts';

const RUNS = 30;
const STAYS = 1_000_000;
const USES = 400_000;
const YEAR_MS = 390 * DAY_MS;
const TODAY = Math.floor(BENCH_TIME / DAY_MS);
/** As many rows as a page may have. */
const PAGE = 200;

/** @param file the large site; a copy is made in `folder` */
export function benchHistory(file: string, folder: string, keys: Keys): Row[] {
  const copy = join(folder, 'history.db');
  copyFileSync(file, copy);
  fillHistory(copy);
  const store = Store.open(copy, keys, 'read');
  if (!store.ok) throw new Error(store.error.detail);
  const master = store.value.master();
  if (master === null) throw new Error('the bench has no site');
  const questions = questionsOf(store.value.history, compileRules(master));
  const figures = Object.entries(questions).map(([name, ask]) => {
    const figure = timed(ask);
    console.error(`  ${name}: ${figure.ms.toFixed(2)} ms, ${figure.rows} rows`);
    return figure.ms;
  });
  store.value.close();
  return [
    rowOf(
      { name: 'history.queries', unit: 'ms', value: Math.max(...figures), reference: null },
      { text: '<= 50 ms', holds: (ms) => ms <= 50 },
    ),
  ];
}

/** `run` differs from run to run, so that not the same pages are read again. Returns how many rows it gave. */
type Ask = (run: number) => number;

function timed(ask: Ask): { readonly ms: number; readonly rows: number } {
  const clock = new SystemClock();
  let rows = 0;
  const samples = Array.from({ length: RUNS }, (_, run) => {
    const asked = clock.mono();
    rows = Math.max(rows, ask(run));
    return clock.mono() - asked;
  });
  if (rows === 0) throw new Error('a question of the bench found nothing');
  return { ms: median(samples), rows };
}

function questionsOf(history: HistoryReader, rules: Rules): Readonly<Record<string, Ask>> {
  const member = (run: number) => `m${(run * 7_919) % SIZE.members}`;
  const first = <Row>(): Page<Row> => ({ limit: PAGE, after: null });
  /** The page behind many. */
  const deep = <Row>(read: (page: Page<Row>) => readonly Row[], pages = 50): Ask => {
    let after: Row | null = null;
    for (let page = 0; page < pages; page += 1) after = read({ limit: PAGE, after }).at(-1) ?? after;
    return () => read({ limit: PAGE, after }).length;
  };
  const dayAgo = (run: number) => TODAY - 1 - 10 * run;
  return {
    'own usage': (run) => history.usageOf(member(run), first()).length,
    'own visits': (run) => history.visitsOf(member(run), first()).length,
    'visits of a day': (run) => history.visitsAt(rules, 'pl', dayAgo(run), dayAgo(run), first()).length,
    'visits of a month, 50 pages on': deep<VisitRow>((page) => history.visitsAt(rules, 'pl', TODAY - 31, TODAY, page)),
    'who is inside': () => history.inside(rules, 'pl', BENCH_TIME, first()).length,
    'how many are inside': () => history.insideCount(rules, 'pl', BENCH_TIME),
    'hours of a day': (run) => history.traffic(rules, 'pl', dayAgo(run), dayAgo(run)).length,
    'hours of a month': (run) => history.traffic(rules, 'pl', dayAgo(run) - 30, dayAgo(run)).length,
    'over their limit': () => history.overLimit(rules, TODAY, first()).length,
    'over their limit, 5 pages on': deep<OverLimit>((page) => history.overLimit(rules, TODAY, page), 5),
    'ticket uses': () => history.ticketUses({ by: 'all' }, first()).length,
    'ticket uses, 50 pages on': deep<TicketUse>((page) => history.ticketUses({ by: 'all' }, page)),
    'ticket uses of a type': () => history.ticketUses({ by: 'type', id: 'tt' }, first()).length,
    'ticket uses of a member': (run) => history.ticketUses({ by: 'member', id: member(run) }, first()).length,
    'ticket uses of a ticket': (run) =>
      history.ticketUses({ by: 'ticket', id: `k${(run * 7_919) % SIZE.members}-0` }, first()).length,
  };
}

function fillHistory(file: string): void {
  const db = new Database(file);
  // Nothing of it has to survive, and it is made once.
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -500000']) db.pragma(pragma);
  const count = (table: string, most: number) =>
    `WITH RECURSIVE ${table}(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ${table} WHERE n < ${most} - 1)`;
  const spread = (n: string, most: number) => `${BENCH_TIME - YEAR_MS} + ${n} * ${Math.floor(YEAR_MS / most)}`;
  db.exec(`
    ${count('use', USES)}
    INSERT INTO event SELECT n + 1, json_object('seq', n + 1, 'at', strftime('%Y-%m-%dT%H:%M:%SZ', (${spread('n', USES)}) / 1000, 'unixepoch'),
      'detail', hex(randomblob(180))), randomblob(32) FROM use;
    ${count('use', USES)}
    INSERT INTO ticket_use (ticket_id, member_id, type_id, day, uses, event_seq)
    SELECT printf('k%d-%d', (n * 7919) % ${SIZE.members}, n % 2), printf('m%d', (n * 7919) % ${SIZE.members}), 'tt',
      (${spread('n', USES)}) / ${DAY_MS}, 1, n + 1 FROM use;
    ${count('stay_of_year', STAYS)}
    INSERT INTO stay (member_id, place_id, entered_at, entry_seq, exited_at, exit_seq)
    SELECT printf('m%d', (n * 7919) % ${SIZE.members}), 'pl', ${spread('n', STAYS)}, n + 1,
      iif(n < ${STAYS} - 150, ${spread('n', STAYS)} + 5400000, NULL), iif(n < ${STAYS} - 150, n + 1, NULL) FROM stay_of_year;
    ${count('many', 2_000)}, day_of_month(d) AS (SELECT 0 UNION ALL SELECT d + 1 FROM day_of_month WHERE d < 16)
    INSERT OR IGNORE INTO usage (member_id, day, contract_id, band_id)
    SELECT printf('m%d', n * 5 + 1), ${TODAY} - d, printf('c%d', n * 5 + 1), 'morning' FROM many, day_of_month;`);
  db.close();
}
