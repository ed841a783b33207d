// The disk is full. Who is inside gets out all the same, nobody gets in unrecorded, and what happened is written later.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Appliance, genkan, UnitFolder } from './appliance.ts';
import { fillUp, mountSmall } from './disk.ts';

test('exits open, entries do not, and the exit is on record once there is room again', async ({ skip }) => {
  const folder = new UnitFolder({
    dataDir: 'mounted/data',
    doors: [
      {
        id: 'front',
        pulseMs: 300,
        lock: { driver: 'sim' },
        readers: [
          { id: 'front-in', driver: 'sim' },
          { id: 'front-out', driver: 'sim', direction: 'out' },
        ],
      },
    ],
  });
  onTestFinished(() => folder.remove());
  const mounted = join(folder.path, 'mounted');
  skip(!mountSmall(mounted, 8), 'full disk not run: this user may not mount');
  const unit = await Appliance.start(folder);
  onTestFinished(() => unit.kill());
  await unit.healthy('the unit is ok');

  const ballast = join(mounted, 'ballast');
  fillUp(ballast);
  for (let count = 0; !unit.running.stderr.includes('has no room left'); count += 1) {
    if (count === 500) throw new Error('the disk was never full');
    await unit.demo('scan', { reader: 'front-in', code: `X${count}` });
  }
  expect((await unit.health()).status).toBe('degraded');
  await unit.demo('scan', { reader: 'front-in', code: 'M0001' });
  expect((await unit.health()).doors[0]?.state).toBe('locked');
  await unit.demo('scan', { reader: 'front-out', code: 'M0001' });
  expect((await unit.health()).doors[0]?.state).toBe('unlocking');

  rmSync(ballast);
  await unit.healthy('the record can be written again');
  expect(await unit.stop()).toMatchObject({ code: 0 });
  const { stdout } = await genkan(['events', '--config', folder.config]);
  const late = stdout.split('\n').filter((line) => line.includes('"late":true'));
  expect(late.map((line): unknown => JSON.parse(line))).toContainEqual(
    expect.objectContaining({
      type: 'scan',
      direction: 'out',
      result: expect.objectContaining({ granted: true, reason: 'exit' }),
    }),
  );
  expect((await genkan(['verify', '--config', folder.config])).code).toBe(0);
});
