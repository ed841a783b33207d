/** What technicians may do, put together from its desks: the page's server calls it, and it alone. */
import { join } from 'node:path';
import type { KernelTime } from '../../../device/clock/kernel-time.ts';
import type { Tree } from '../../../device/discovery/tree.ts';
import type { GpioKernel } from '../../../device/lines/gpio/kernel.ts';
import type { SetupSource } from '../../api/setup-port.ts';
import type { Config } from '../../contract/config.ts';
import type { Person } from '../../contract/staff.ts';
import type { ClockView } from '../../contract/technician.ts';
import type { Clock } from '../../core/clock.ts';
import { ok } from '../../core/result.ts';
import type { Store } from '../../store/store.ts';
import type { Unit } from '../unit.ts';
import { ConfigDesk } from './config-desk.ts';
import type { Pairing, SetupHost } from './host.ts';
import { PairDesk } from './pair-desk.ts';
import type { PartTap } from './part-tap.ts';
import { refused } from './refusal.ts';
import type { UnitIdentity } from './report.ts';
import { ReportDesk } from './report-desk.ts';
import { ReportShelf } from './report-shelf.ts';
import { SealDesk } from './seal-desk.ts';
import { SetupDesk } from './setup-desk.ts';
import { SiteDesk, type TakenIn } from './site-desk.ts';
import { SwapDesk } from './swap-desk.ts';
import { TestsDone } from './tests-done.ts';

export interface SetupParts {
  readonly clock: Clock;
  readonly kernel: KernelTime;
  readonly builtAt: number;
  readonly config: Config;
  readonly store: Store;
  readonly unit: Unit;
  readonly tap: PartTap;
  readonly tree: Tree;
  readonly gpio: () => Promise<GpioKernel | null>;
  readonly version: string;
  readonly host: SetupHost;
  /** As `genkan import` does. */
  readonly takeIn: (document: unknown) => TakenIn;
  /** null: this program has no part that speaks with hubs. */
  readonly pairing: Pairing | null;
}

export interface Setup {
  readonly source: SetupSource;
  /** Something at the doors or devices is another. */
  changed(): void;
  close(): void;
}

interface Desks {
  readonly desk: SetupDesk;
  readonly config: ConfigDesk;
  readonly pairing: PairDesk;
  readonly site: SiteDesk;
  readonly swap: SwapDesk;
  readonly reports: ReportDesk;
}

export function makeSetup(parts: SetupParts): Setup {
  const desks = makeDesks(parts);
  const { desk, pairing } = desks;
  return {
    source: sourceOf(desks, parts),
    changed: () => desk.changed(),
    close: () => {
      desk.close();
      pairing.close();
    },
  };
}

function makeDesks(parts: SetupParts): Desks {
  const { clock, config, store, unit, tap, tree, host, version, takeIn } = parts;
  const configDesk = new ConfigDesk(host, unit.journal, unit.site);
  const identity = () => identityOf(store);
  const doors = () => config.doors.map(({ id }) => id);
  const tests = new TestsDone(join(host.dataDir, 'commissioning.json'));
  const digest = () => configDesk.digest();
  const note = (by: Person, part: string, test: 'hub' | 'site' | 'swap', isOk: boolean) =>
    desk.note(by, { part, test, ok: isOk, detail: '' });
  const pairing: PairDesk = new PairDesk({
    clock,
    tap,
    pairing: parts.pairing,
    changed: () => desk.changed(),
    ended: (by, isPaired) => note(by, 'hub', 'hub', isPaired),
  });
  const desk: SetupDesk = new SetupDesk({
    ...{ clock, config, unit, tap, tests, tree, gpio: parts.gpio, identity, digest },
    wentBack: host.wentBack,
    pairing: () => ({ pairing: pairing.state, pairingUntil: pairing.until }),
  });
  const ended = (by: Person) => note(by, 'site', 'site', true);
  const seals = new SealDesk(clock);
  const site = new SiteDesk({
    ...{ tree, store, config: configDesk, seals, takeIn, identity, ended },
    configuredDoors: doors,
  });
  const swap = new SwapDesk({ host, seals, clock, config: configDesk, journal: unit.journal, trust: () => unit.trust });
  const reports = new ReportDesk({
    ...{ clock, store, site: unit.site, tree, version, paper: host.paper, identity, digest, doors },
    shelf: new ReportShelf(join(host.dataDir, 'reports')),
    parts: () => desk.parts(),
    tests: () => tests.tests,
    clockView: () => clockViewOf(parts),
  });
  return { desk, config: configDesk, pairing, site, swap, reports };
}

function sourceOf({ desk, config, pairing, site, swap, reports }: Desks, parts: SetupParts): SetupSource {
  return {
    view: () => desk.view(),
    subscribe: (listener) => desk.subscribe(listener),
    find: async () => ok([...(await desk.find())]),
    tryConfig: ({ changes }) => {
      const text = config.tried(changes);
      return text.ok ? ok({ text: text.value }) : text;
    },
    apply: (by, { changes }) => config.apply(by, changes),
    pulse: (by, { door }) => {
      const started = desk.pulse(by, door);
      return started.ok ? ok(null) : refused(started.error);
    },
    note: (by, test) => {
      desk.note(by, test);
      return ok(null);
    },
    pair: (by, { text }) => pairing.pair(by, text),
    media: () => ok(site.media()),
    importFile: (by, input) => site.importFile(by, input),
    swap: (by, input) => swap.swap(by, input),
    swapStick: (_, { medium }) => site.swapStick(medium),
    clock: () => ok(clockViewOf(parts)),
    report: (by, { language, medium }) => reports.make(by, language, medium === null ? null : site.writable(medium)),
    reports: () => ok([...reports.list()]),
    readReport: ({ name, offset }) => reports.read(name, offset),
  };
}

function identityOf(store: Store): UnitIdentity {
  const { unit_id: unitId, epoch } = store.record.unit();
  const last = store.record.last();
  return {
    unitId,
    epoch,
    head: last === null ? null : { seq: last.seq, hash: Buffer.from(last.hash).toString('hex') },
  };
}

function clockViewOf({ clock, kernel, tree, unit, builtAt }: SetupParts): ClockView {
  return {
    wall: clock.wall(),
    timezone: unit.site.get()?.data.site.timezone ?? 'UTC',
    trust: unit.trust,
    doubt: unit.watch.doubt,
    ntp: kernel.ntp(),
    battery: tree.list('/sys/class/rtc').length > 0,
    trustedAt: Math.round(unit.watch.trustedAt),
    builtAt,
  };
}
