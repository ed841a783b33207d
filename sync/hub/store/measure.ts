/**
 * Figures of the store, as NOTES.md has them: `node sync/hub/store/measure.ts [postgres]`. A tenant of 100,000 members
 * with two tickets each, 5,000 doors that send an event a second in group commits.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchSite } from '../../../build/bench/data.ts';
import { PrivatePostgres } from '../../../build/e2e/postgres.ts';
import { SystemClock } from '../../../device/clock/system.ts';
import type { HubStore } from '../ports.ts';
import { openHubStore } from './store.ts';
import { NOON, TestUnit } from './testing.ts';

const MEMBERS = Number(process.argv[3] ?? 100_000);
const DOORS = 5_000;
const ROUNDS = 3;

const clock = new SystemClock();

async function timed(what: string, body: () => Promise<number>): Promise<void> {
  const begun = clock.mono();
  const cpu = process.cpuUsage();
  const count = await body();
  const ms = clock.mono() - begun;
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = (user + system) / 1_000;
  const rate = ((count / ms) * 1_000).toFixed(0);
  process.stdout.write(`${what}: ${count} in ${ms.toFixed(0)} ms, ${rate}/s; ${cpuMs.toFixed(0)} ms of CPU\n`);
}

function percentile(sorted: readonly number[], part: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
}

async function spread(what: string, times: number[]): Promise<void> {
  times.sort((a, b) => a - b);
  process.stdout.write(`${what}: p50 ${percentile(times, 0.5)} ms, p99 ${percentile(times, 0.99)} ms\n`);
}

async function load(store: HubStore, units: readonly TestUnit[], group: number): Promise<void> {
  const times: number[] = [];
  await timed(`events in groups of ${group}`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let at = 0; at < units.length; at += group) {
        const batches = units.slice(at, at + group).map((unit, index) => {
          const member = (at + index + round * DOORS) % MEMBERS;
          const memberId = `m${member}`;
          const consumed = { kind: 'band', contractId: `c${member}`, bandId: 'full', date: '2026-11-21' } as const;
          const result = {
            granted: true,
            reason: 'plan',
            memberId,
            contractId: `c${member}`,
            bandId: 'full',
            consumed: [],
          };
          const enter = { placeId: 'pl', enteredAt: '2026-11-21T03:00:00Z', via: null };
          const seq = unit.record({ effects: { memberId, consumed, enter }, result });
          return unit.batch(seq);
        });
        const begun = clock.mono();
        const answers = await store.take(batches);
        times.push(clock.mono() - begun);
        if (answers.some(({ ok }) => !ok)) throw new Error('an event was not taken');
      }
    }
    return ROUNDS * units.length;
  });
  await spread(`a commit of ${group}`, times);
}

async function snapshot(store: HubStore): Promise<void> {
  const times: number[] = [];
  await timed('snapshot rows', async () => {
    let rows = 0;
    for (let cursor: string | null = null; ; ) {
      const begun = clock.mono();
      const page = await store.snapshotPage('t', cursor, 500);
      times.push(clock.mono() - begun);
      rows += page.changes.length;
      cursor = page.cursor;
      if (cursor === null) return rows;
    }
  });
  await spread('a page of 500', times);
}

async function measure(store: HubStore): Promise<void> {
  await store.createTenant('t', 'T', NOON);
  const site = { ...benchSite(MEMBERS), usage: [] };
  await timed('members imported', async () => {
    const done = await store.importSite('t', site, 'measure', NOON);
    if (!done.ok) throw new Error(done.error[0]);
    return MEMBERS;
  });
  await timed('count', () => store.count('t'));
  await snapshot(store);
  const units = Array.from({ length: DOORS }, (_, n) => new TestUnit('t', `unit-${n}`));
  await timed('units paired', async () => {
    for (const [n, unit] of units.slice(0, 100).entries()) await unit.pair(store, `tokyo-${n % 10}`);
    return 100;
  });
  const paired = units.map((unit, n) => (n < 100 ? unit : new TestUnit('t', `unit-${n % 100}`)));
  // A hundred units stand for all doors: each sends in turn.
  const doors = paired.map((_, n) => units[n % 100]).filter((unit) => unit !== undefined);
  for (const group of [50, 10]) await load(store, doors, group);
  await timed('a change', async () => {
    const body = { ...site.members[0], id: 'm0', name: 'Other' };
    const {
      codes = [],
      contracts = [],
      kana = null,
      suspended = { profile: false, identity: false },
    } = site.members[0] ?? {};
    const row = { ...body, kana, suspended, codes: [...codes], contracts: contracts.map((one) => ({ ...one })) };
    await store.change('t', [{ kind: 'member', id: 'm0', position: 0, body: row }], 'measure', NOON);
    return 1;
  });
  await timed('digest', async () => ((await store.digest('t')) === null ? 0 : 1));
}

const folder = mkdtempSync(join(tmpdir(), 'genkan-measure-'));
const server = process.argv[2] === 'postgres' ? new PrivatePostgres(true) : null;
try {
  await server?.start();
  const where = server === null ? { file: join(folder, 'hub.db') } : { url: await server.database() };
  const store = await openHubStore(where, clock);
  await measure(store);
  await store.close();
} finally {
  await server?.remove();
  rmSync(folder, { recursive: true });
}
