// A hub is put back to its backup, word by word as resources/manual/hub.md says, on either database. Its unit comes back
// by itself and brings what was acknowledged since; who was entered since is gone; a unit that was paired since is paired
// again, and brings its record too.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { eventsAtHub, findingsAtRest } from './at-rest.ts';
import { HubProcess } from './hub.ts';
import { PrivatePostgres } from './postgres.ts';
import { DEMO } from './sync-campaign.ts';
import { SyncUnit, soon } from './sync-unit.ts';

const LATE = 'LATE-1';
const NAME = 'club';
const PATIENCE_MS = 300_000;
const Alert = z.looseObject({ kind: z.string() });

interface Keeper {
  readonly hub: HubProcess;
  backUp(): void;
  /** While no hub runs. */
  restore(): Promise<void>;
  remove(): Promise<void>;
}

function onSqlite(): Promise<Keeper> {
  const hub = new HubProcess();
  const [file, backup] = [join(hub.folder, 'hub.sqlite'), join(hub.folder, 'backup.db')];
  return Promise.resolve({
    hub,
    backUp: () => {
      const db = new Database(file);
      db.exec(`VACUUM INTO '${backup}'`);
      db.close();
    },
    restore: async () => {
      copyFileSync(backup, file);
      for (const beside of ['-wal', '-shm']) rmSync(`${file}${beside}`, { force: true });
    },
    remove: () => hub.remove(),
  });
}

async function onPostgres(): Promise<Keeper> {
  const postgres = new PrivatePostgres(false);
  await postgres.start();
  await postgres.query(`CREATE DATABASE ${NAME}`);
  const hub = new HubProcess({ DATABASE_URL: postgres.url(NAME) });
  const backup = join(postgres.folder, 'hub.dump');
  const at = ['-h', postgres.folder, '-U', 'postgres'];
  return {
    hub,
    backUp: () => void postgres.tool('pg_dump', ...at, '-Fc', '-f', backup, NAME),
    restore: async () => {
      await postgres.query(`DROP DATABASE ${NAME}`);
      await postgres.query(`CREATE DATABASE ${NAME}`);
      postgres.tool('pg_restore', ...at, '-d', NAME, backup);
    },
    remove: async () => {
      await hub.remove();
      await postgres.remove();
    },
  };
}

describe.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
] as const)('over %s', (_, make) => {
  const gone: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const remove of gone.reverse()) await remove();
  });

  test(
    'nothing that was acknowledged is lost, or taken for a duplicate',
    async () => {
      const keeper = await make();
      gone.push(() => keeper.remove());
      const { hub } = keeper;
      await hub.found(DEMO);
      const unit = async (name: string) => {
        const made = await SyncUnit.make(name, hub);
        gone.push(() => made.remove());
        await made.pair(hub, 'tokyo');
        await made.settled();
        return made;
      };
      const front = await unit('Front');
      await front.scan('M0001');
      await front.settled();
      keeper.backUp();

      const back = await unit('Back');
      const contracts = [{ id: 'late-1', planId: 'master', from: '2024-04-01', to: null }];
      const body = { ...DEMO.members[0], id: 'late', codes: [LATE], contracts };
      await hub.put({ kind: 'member', id: 'late', position: 0, body });
      for (const code of ['M0001', LATE])
        for (const door of [front, back])
          await soon(
            `${code} at ${door.name}`,
            () => enter(door, code),
            (isIn) => isIn,
          );
      await front.scan('M0001', 'out');
      expect(await findingsAtRest(hub, [front, back])).toEqual([]);
      const [atFront, atBack] = [await eventsAtHub(hub, front.id), await eventsAtHub(hub, back.id)];

      await hub.kill('SIGTERM');
      await keeper.restore();
      await hub.start();
      expect((await eventsAtHub(hub, front.id)).length).toBeLessThan(atFront.length);
      await hub.ctl('restored');
      expect(await kinds(hub)).toContain('restored');
      await soon(
        'what came since',
        () => eventsAtHub(hub, front.id),
        (now) => now.length >= atFront.length,
      );
      expect(bodies(await eventsAtHub(hub, front.id)).slice(0, atFront.length)).toEqual(bodies(atFront));
      await soon(
        'who is gone at the unit',
        () => enter(front, LATE),
        (isIn) => !isIn,
      );

      expect((await back.health()).hub?.state).not.toBe('live');
      await back.pair(hub, 'tokyo');
      expect(await findingsAtRest(hub, [front, back])).toEqual([]);
      expect(bodies(await eventsAtHub(hub, back.id)).slice(0, atBack.length)).toEqual(bodies(atBack));
      for (const { id } of [front, back])
        expect(flagsOf(await eventsAtHub(hub, id))).toEqual(new Set(['unknown-member']));
      expect(new Set(await kinds(hub))).toEqual(new Set(['restored', 'unknown-member']));
    },
    PATIENCE_MS,
  );
});

/** @returns whether they were let in */
async function enter(unit: SyncUnit, code: string): Promise<boolean> {
  await unit.scan(code);
  return unit.folder.events().findLast(({ type }) => type === 'scan')?.result?.granted === true;
}

const bodies = (events: Awaited<ReturnType<typeof eventsAtHub>>) =>
  events.map(({ epoch, seq, body }) => ({ epoch, seq, body }));

/** A member who was entered since the backup is unknown now; nothing else is wrong. */
const flagsOf = (events: Awaited<ReturnType<typeof eventsAtHub>>) => new Set(events.flatMap(({ flags }) => flags));

async function kinds(hub: HubProcess): Promise<string[]> {
  const lines = (await hub.ctl('alert', 'list')).trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => Alert.parse(JSON.parse(line)).kind);
}
