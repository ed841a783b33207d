// A technician brings a stick: its files open by their passphrase alone, tries are slowed, and what the unit itself writes on
// one opens by the code that it has shown.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { FakeMachine } from '../../../device/discovery/testing.ts';
import { sealedCheaply } from '../../seal/testing.ts';
import { dataFiles } from '../../store/data-dir.ts';
import { NO_SETTINGS, TEST_SITE, TestAppliance } from '../testing.ts';
import { ConfigDesk } from './config-desk.ts';
import type { SetupHost } from './host.ts';
import { listFiles, listMedia } from './media.ts';
import { SealDesk } from './seal-desk.ts';
import { SiteDesk } from './site-desk.ts';

const PASSPHRASE = 'a long walk by the river';
const SITE = { format: 'genkan-site/1', members: [] };
const PLAIN = { format: 'genkan-unit/1' };
const sealed = sealedCheaply(SITE, PASSPHRASE);
const refused = (fault: string, lines: readonly unknown[] = []) => ({ ok: false, error: { fault, lines } });

test('what is sealed opens by its passphrase, in its place; what isn’t needs none', async () => {
  const desk = new SealDesk(new VirtualClock());
  expect(await desk.open([PLAIN, null], null)).toStrictEqual({ ok: true, value: [PLAIN, null] });
  expect(await desk.open([sealed, null, PLAIN], null)).toStrictEqual(refused('sealed'));
  expect(await desk.open([null, sealed, PLAIN], PASSPHRASE)).toStrictEqual({ ok: true, value: [null, SITE, PLAIN] });
  const another = sealedCheaply(PLAIN, 'another one entirely');
  expect(await desk.open([sealed, another], PASSPHRASE)).toStrictEqual(refused('wrong-passphrase'));
});

test('two may be wrong; then each further one costs a pause, in which nothing is tried', async () => {
  const clock = new VirtualClock();
  const desk = new SealDesk(clock);
  const guess = () => desk.open([sealed], 'no');
  for (let count = 0; count < 2; count += 1) expect(await guess()).toStrictEqual(refused('wrong-passphrase'));
  expect(await guess()).toStrictEqual(refused('wrong-passphrase', ['5 s']));
  expect(await desk.open([sealed], PASSPHRASE)).toStrictEqual(refused('wait', ['5 s']));
  await clock.advance(5_000);
  expect(await guess()).toStrictEqual(refused('wrong-passphrase', ['10 s']));
  await clock.advance(10_000);
  expect(await desk.open([sealed], PASSPHRASE)).toMatchObject({ ok: true });
  expect(await guess()).toStrictEqual(refused('wrong-passphrase'));
});

test('one is tried at a time, and a damaged file counts for none', async () => {
  const desk = new SealDesk(new VirtualClock());
  const [first, second] = await Promise.all([desk.open([sealed], PASSPHRASE), desk.open([sealed], PASSPHRASE)]);
  expect([first.ok, second]).toStrictEqual([true, refused('wait', ['1 s'])]);
  const damaged = { ...sealed, kdf: { ...sealed.kdf, memory: 1e9 } };
  for (let count = 0; count < 5; count += 1)
    expect(await desk.open([damaged], PASSPHRASE)).toStrictEqual(
      refused('refused', [expect.stringContaining('damaged')]),
    );
  expect(await desk.open([sealed], PASSPHRASE)).toMatchObject({ ok: true });
});

const STICK = '/media/genkan/STICK';

async function standing() {
  const appliance = await new TestAppliance().start();
  const { store, unit, clock } = appliance;
  store.transact((writer) => writer.importSettings({ ...NO_SETTINGS, tenant: 'club' }));
  const front = { id: 'front', lock: { driver: 'sim' }, readers: [] };
  const machine = new FakeMachine()
    .file('/proc/mounts', `/dev/sdb1 ${STICK} vfat rw 0 0`)
    .file(`${STICK}/holiday.jpg`, 'x')
    .file('/genkan.config.json', JSON.stringify({ dataDir: 'data', doors: [front] }));
  const { tree } = machine;
  const host: SetupHost = {
    configFile: tree.at('/genkan.config.json'),
    files: dataFiles(machine.root),
    dataDir: machine.root,
    paper: { command: '', args: [] },
    wentBack: null,
    beginAgain: () => {
      throw new Error('nothing begins again here');
    },
  };
  const seals = new SealDesk(clock);
  const desk = new SiteDesk({
    ...{ tree, store, seals },
    config: new ConfigDesk(host, unit.journal, unit.site),
    takeIn: () => ({ ok: true, lines: ['taken'] }),
    configuredDoors: () => ['front'],
    identity: () => ({ unitId: 'u', epoch: 1, head: null }),
    ended: () => undefined,
  });
  return { appliance, tree, desk, seals };
}

test('what the unit writes for its successor opens by the code that it returns, and tells a finder of nobody', async () => {
  const { tree, desk, seals, appliance } = await standing();
  const made = await desk.swapStick(STICK);
  if (!made.ok) throw new Error(made.error.lines.join());
  const { code } = made.value;
  const files = listFiles(tree, listMedia(tree));
  expect(files.map(({ name, kind, sealed: isSealed }) => [name, kind, isSealed]).sort()).toStrictEqual([
    ['genkan-settings.json', 'settings', true],
    ['genkan-site.json', 'site', true],
    ['genkan-unit.json', 'unit', false],
    ['genkan.config.json', 'config', false],
  ]);
  const texts = files.map(({ path }) => readFileSync(tree.at(path), 'utf8'));
  for (const secret of ['安藤', 'ANN', 'club', code, code.replaceAll(' ', '')])
    expect(texts.filter((text) => text.includes(secret))).toStrictEqual([]);
  const read = (name: string): unknown => JSON.parse(readFileSync(tree.at(`${STICK}/${name}`), 'utf8'));
  const opened = await seals.open([read('genkan-site.json'), read('genkan-settings.json')], code.replaceAll(' ', ''));
  expect(opened).toStrictEqual({ ok: true, value: [appliance.store.exportSite(), appliance.store.settings()] });
  expect(JSON.stringify(appliance.events())).not.toContain(code);
  expect(appliance.store.exportSite()?.members).toHaveLength(TEST_SITE.members.length);
});
