// Real disks that are full, real files that are damaged, a real SIGKILL in between: who is inside gets out, known
// members come in where the door says so, and afterwards everything is on record exactly once.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../../device/sim/wait.ts';
import { Appliance, genkan, type RecordedEvent, UnitFolder } from './appliance.ts';
import { fillUp, mountSmall, spoilPages } from './disk.ts';

const KNOWN = {
  id: 'front',
  pulseMs: 300,
  repeatMs: 0,
  onStoreFailure: 'admit-known',
  lock: { driver: 'sim' },
  readers: [
    { id: 'front-in', driver: 'sim' },
    { id: 'front-out', driver: 'sim', direction: 'out' },
  ],
};

function unitFolder(config: Readonly<Record<string, unknown>> = {}): UnitFolder {
  const folder = new UnitFolder({ doors: [KNOWN], ...config });
  onTestFinished(() => folder.remove());
  return folder;
}

async function started(folder: UnitFolder, env: Record<string, string> = {}): Promise<Appliance> {
  const unit = await Appliance.start(folder, { env });
  onTestFinished(() => unit.kill());
  return unit;
}

const state = async (unit: Appliance) => (await unit.health()).doors[0]?.state;

/** Whether the door opens for this code. */
async function opens(unit: Appliance, reader: string, code: string): Promise<boolean> {
  await unit.healthy('the door is shut', ({ doors }) => doors[0]?.state === 'locked');
  await unit.demo('scan', { reader, code });
  return (await state(unit)) === 'unlocking';
}

async function recorded(folder: UnitFolder): Promise<RecordedEvent[]> {
  const { stdout } = await genkan(['events', '--config', folder.config]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): RecordedEvent => JSON.parse(line));
}

const isWhole = async (folder: UnitFolder) => (await genkan(['verify', '--config', folder.config])).code === 0;
const lateScans = (events: readonly RecordedEvent[]) =>
  events.filter(({ type, detail }) => type === 'scan' && detail['late'] === true);
const whoCame = (events: readonly RecordedEvent[]) =>
  events.map(({ direction, result }) => `${direction} ${result?.memberId ?? '?'} ${result?.granted === true}`);

/** Fills the disk to the last block, and makes the running unit see it. */
async function fill(unit: Appliance, file: string): Promise<void> {
  for (let count = 0; !unit.running.stderr.includes('has no room left'); count += 1) {
    if (count === 500) throw new Error('the disk was never full');
    fillUp(file);
    await unit.demo('scan', { reader: 'front-in', code: `X${count}` });
  }
  fillUp(file);
}

describe('the disk is full', () => {
  test('known members come in, the unit is killed, starts on the full disk, and has all on record in the end', async ({
    skip,
  }) => {
    const folder = unitFolder({ dataDir: 'mounted/data' });
    const mounted = join(folder.path, 'mounted');
    skip(!mountSmall(mounted, 8), 'full disk not run: this user may not mount');
    const unit = await started(folder);
    await unit.healthy('the unit is ok');
    const reserve = join(mounted, 'data/reserve');
    const { size } = statSync(reserve);
    const ballast = join(mounted, 'ballast');
    await fill(unit, ballast);

    expect(await opens(unit, 'front-in', 'M0001')).toBe(true);
    expect(await opens(unit, 'front-in', 'M0002')).toBe(false);
    expect(await opens(unit, 'front-in', 'NOBODY')).toBe(false);
    expect(await opens(unit, 'front-out', 'M0001')).toBe(true);
    expect(await opens(unit, 'front-in', 'M0001')).toBe(true);
    expect((await unit.health()).status).toBe('degraded');
    expect(statSync(reserve).size).toBe(size);
    await unit.kill();

    const again = await started(folder);
    await again.healthy(
      'the unit runs on a full disk',
      ({ status, doors }) => status === 'degraded' && doors[0]?.state === 'locked',
    );
    expect(await opens(again, 'front-out', 'M0001')).toBe(true);
    rmSync(ballast);
    await again.healthy('the record can be written again');
    expect(await again.stop()).toMatchObject({ code: 0 });
    const events = await recorded(folder);
    expect(whoCame(lateScans(events).filter(({ result }) => result?.granted === true))).toStrictEqual([
      'in member-0001 true',
      'out member-0001 true',
      'in member-0001 true',
      'out member-0001 true',
    ]);
    const settled = new Set(events.filter(({ type }) => type === 'outcome').map(({ of }) => of));
    for (const { seq, result } of lateScans(events)) if (result?.granted === true) expect(settled).toContain(seq);
    expect(await isWhole(folder)).toBe(true);
  });
});

describe('the power goes', () => {
  test('between the reserve and the door: on record at the next start, its outcome unknown', async ({ skip }) => {
    const folder = unitFolder({ dataDir: 'mounted/data' });
    const mounted = join(folder.path, 'mounted');
    skip(!mountSmall(mounted, 8), 'full disk not run: this user may not mount');
    const unit = await started(folder, { GENKAN_DIE_AT: 'after-reserve' });
    await unit.healthy('the unit is ok');
    const ballast = join(mounted, 'ballast');
    await fill(unit, ballast);
    await unit.demo('scan', { reader: 'front-in', code: 'M0001' }).catch(() => undefined);
    expect(await unit.running.ended).toMatchObject({ signal: 'SIGKILL' });
    rmSync(ballast);

    const dying = await Appliance.start(folder, { env: { GENKAN_DIE_AT: 'before-reserve-emptied' } }).catch(() => null);
    if (dying !== null) await dying.running.ended;
    const again = await started(folder);
    await again.healthy('the unit is ok');
    expect(await again.stop()).toMatchObject({ code: 0 });
    const events = await recorded(folder);
    const [late, ...more] = lateScans(events).filter(({ result }) => result?.granted === true);
    expect(more).toStrictEqual([]);
    expect(late?.result).toMatchObject({ memberId: 'member-0001', reason: 'plan' });
    expect(events.filter(({ of }) => of === late?.seq)).toMatchObject([
      { type: 'outcome', detail: { outcome: 'unknown' } },
    ]);
    expect(await isWhole(folder)).toBe(true);
  });
});

describe('the database is damaged', () => {
  async function used(): Promise<{ folder: UnitFolder; before: RecordedEvent[] }> {
    const folder = unitFolder();
    const unit = await started(folder);
    await unit.healthy('the unit is ok');
    expect(await opens(unit, 'front-in', 'M0001')).toBe(true);
    await unit.stop();
    return { folder, before: await recorded(folder) };
  }

  const aside = ({ path }: UnitFolder) => readdirSync(join(path, 'data')).filter((name) => name.includes('damaged'));

  test.each<[string, (file: string) => void]>([
    ['no database any more', (file) => writeFileSync(file, 'somebody wrote this'.repeat(1_000))],
    ['pages overwritten', spoilPages],
    ['cut short', (file) => writeFileSync(file, readFileSync(file).subarray(0, 6_000))],
  ])('at a start, %s: set aside whole, built anew, and a new epoch begun', async (_name, spoil) => {
    const { folder, before } = await used();
    spoil(folder.database);
    const spoilt = readFileSync(folder.database);
    const unit = await started(folder);
    await unit.healthy('the unit is ok');
    expect(await opens(unit, 'front-in', 'M0001')).toBe(true);
    await unit.stop();
    expect(unit.running.stderr).toContain('is set aside as');
    expect(readFileSync(join(folder.path, 'data', aside(folder)[0] ?? ''))).toStrictEqual(spoilt);
    const [first] = await recorded(folder);
    expect(first).toMatchObject({
      seq: 1,
      type: 'system',
      detail: { what: 'epoch', why: 'damaged', before: { epoch: 1 } },
    });
    const unitOf = (event: RecordedEvent | undefined) => String(event?.['id']).split('-')[0];
    expect(unitOf(first)).toBe(unitOf(before[0]));
    expect(String(first?.['id'])).toMatch(/-2-1$/);
    expect(await isWhole(folder)).toBe(true);
  });

  test('while it runs: whoever scans gets out, the unit builds itself anew at the same address', async () => {
    const { folder } = await used();
    const unit = await started(folder);
    await unit.healthy('the unit is ok');
    spoilPages(folder.database);
    for (let count = 1; !unit.running.stderr.includes('is damaged'); count += 1) {
      if (count === 200) throw new Error('the damage was never seen');
      const code = `M${String(count).padStart(4, '0')}`;
      // It may begin anew under our hands.
      await unit.demo('scan', { reader: 'front-out', code }).catch(() => undefined);
    }
    await until('the database is set aside', () => unit.running.stderr.includes('is set aside as'), {
      withinMs: 30_000,
      seen: () => unit.running.stderr,
    });
    await unit.healthy('the unit is ok again');
    expect(await opens(unit, 'front-in', 'M0001')).toBe(true);
    expect(await unit.stop()).toMatchObject({ code: 0 });
    const events = await recorded(folder);
    expect(events[0]).toMatchObject({ type: 'system', detail: { what: 'epoch', why: 'damaged' } });
    expect(aside(folder)).not.toStrictEqual([]);
    expect(await isWhole(folder)).toBe(true);
  });
});
