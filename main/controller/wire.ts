/** The one composition root of the controller: makes every part and ties it to the others. */
import type { Server } from 'node:net';
import { SystemKernelTime } from '../../device/clock/kernel-time.ts';
import type { ReaderPort } from '../../device/ports.ts';
import { makeReader } from '../../device/readers/open.ts';
import { SimDoor } from '../../device/sim/door.ts';
import type { ExtraRoute, HealthSource, PageSource } from '../api/ports.ts';
import { type RunningServer, startServer } from '../api/server.ts';
import type { StaffSource } from '../api/staff-port.ts';
import type { Config } from '../contract/config.ts';
import type { StatusMessage } from '../contract/page.ts';
import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { GuardedLock } from '../guard/protocol.ts';
import type { StoreFault } from '../store/faults.ts';
import type { Store } from '../store/store.ts';
import { BoardParts } from './board-parts.ts';
import { BUILT_AT } from './built-at.ts';
import { ClockWatch, pastOf } from './clock-trust.ts';
import { listenForControl } from './control.ts';
import { handleControl, pairFor, takeIn } from './control-desk.ts';
import type { Demo, SimulatedDevices } from './demo.ts';
import { makeInputs } from './door-inputs.ts';
import { DoorSignals, makeOutputs } from './door-signals.ts';
import type { Guard } from './doors.ts';
import { GuardClient, type GuardSink } from './guard-client.ts';
import type { GuardStart } from './guard-start.ts';
import type { HubLink } from './hub-link.ts';
import type { Log, LogTail } from './log.ts';
import { memberWays, type UnitWays } from './member-ways.ts';
import { pageOf } from './page-source.ts';
import type { Probe } from './probe.ts';
import type { Reserve } from './reserve-file.ts';
import type { GuardLife } from './service-manager.ts';
import type { SetupHost } from './setup/host.ts';
import { PartTap } from './setup/part-tap.ts';
import { setupOf } from './setup/setup-of.ts';
import type { Setup } from './setup/setup-source.ts';
import { soon } from './soon.ts';
import { makeStaffSource } from './staff/staff-source.ts';
import { healthOf, statusMessage } from './status.ts';
import { TerminalDesk } from './terminals.ts';
import { TerminalsLan } from './terminals-lan.ts';
import { Unit } from './unit.ts';
import { UnitSync } from './unit-sync.ts';

export interface ControllerOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  /** null: it can neither be found nor made. */
  readonly reserve: Reserve | null;
  /** The store is a stand-in, since the unit's own can't be opened. */
  readonly broken: StoreFault | null;
  /** Told when writing begins to fail. */
  readonly storeFailed: (fault: StoreFault) => void;
  /** Somebody asks for the controller to begin again. */
  readonly restart: () => void;
  /** The hub knows more of this unit than its database: @returns whether it is begun anew as another epoch */
  readonly putBack: () => boolean;
  readonly log: Log;
  readonly logTail: LogTail;
  readonly version: string;
  /** What goes on when this controller ends. */
  readonly host: SetupHost;
  readonly guardStart: GuardStart;
  readonly rowsFile: string;
  /** The built page. */
  readonly pageDir: string;
  /** Path of the control socket. */
  readonly controlFile: string;
  readonly probe: Probe;
  /** Development only. */
  readonly demo: Demo | null;
}

export interface RunningController {
  readonly url: string;
  readonly guard: GuardLife;
  /** Locks to rest, record closed. */
  stop(): Promise<void>;
}

export async function startController(options: ControllerOptions): Promise<Result<RunningController, string>> {
  const { config, clock, store, version } = options;
  const doors = simulatedDoors(config, clock);
  const parts = new BoardParts(config, (id, on) => guard.tell({ do: 'output', id, on }));
  const readers = openableReaders(config, clock);
  const watch = new ClockWatch({ clock, kernel: new SystemKernelTime(), builtAt: BUILT_AT }, pastOf(store));
  const tap = new PartTap(clock, () => setup.changed());
  let started = false;
  // The store is closed then, while a word to the page may still be on its way.
  let isOver = false;
  const tellStatus = soon(clock, 'status to the page', () => {
    if (!isOver) tellAll(unit, hub, status());
  });
  const unit: Unit = new Unit({
    ...options,
    readers: tap.readers(readers),
    watch,
    guard: guardLater(() => guard),
    inputs: tap.inputs(makeInputs(config, clock, doors, parts)),
    onChange: () => {
      if (started) setup.changed();
      tellStatus();
    },
    recorded: () => sync.recorded(),
    refused: (memberId, elsewhere) => sync.refused(memberId, elsewhere),
  });
  const sync: UnitSync = new UnitSync(options, unit, tellStatus);
  const { hub } = sync;
  const simulated: SimulatedDevices = {
    doors,
    readers,
    pageScan: (reader, code) => unit.reading(reader, code, clock.mono()),
    plug: (door, there) => guard.tell({ do: 'plug', door, there }),
  };
  const status = () => statusMessage(unit, hub, version, demoOf(options, simulated));
  const guard = makeGuard(options, parts);
  for (const door of doors.values()) door.onChange(() => unit.screen.tell(status()));
  const setup = setupOf(options, unit, tap, {
    takeIn: (document) => takeIn(document, unit, hub, options),
    pair: (url, code) => pairFor(hub, url, code),
  });
  const ways = waysOf(unit, options);
  const page = pageOf(unit, clock, tap, status, ways);
  const health = healthSource(() => started, unit, hub, options);
  const staff: StaffSource = { ...makeStaffSource({ ...options, unit, hub }), setup: setup.source };
  const server = await serve(options, page, staff, health, options.demo?.routes(simulated) ?? []);
  if (!server.ok) return server;
  const terminals = terminalsOf(options, unit);
  const control = listenForControl(options.controlFile, (request) => handleControl(request, unit, hub, options));
  const signals = startSignals(options, parts, unit);
  unit.start(version);
  ways.tellKey();
  watch.start();
  guard.start(guardSink(unit, options, doors, parts));
  terminals?.start();
  if (options.broken === null) sync.start();
  started = true;
  const stop = () => {
    isOver = true;
    return stopAll(unit, guard, server.value, control, doors, terminals, signals, setup, sync);
  };
  return ok({ url: server.value.address.url, guard, stop });
}

function tellAll(unit: Unit, hub: HubLink, status: StatusMessage): void {
  unit.screen.tell(status);
  if (unit.trust === 'doubtful') hub.clockDoubted();
}

/** With the setup code: whoever tries the demo has no console to read it from. */
function demoOf({ demo, store, broken }: ControllerOptions, simulated: SimulatedDevices): StatusMessage['demo'] {
  const shown = demo?.status(simulated) ?? null;
  return shown === null || broken !== null ? shown : { ...shown, setupCode: store.setupCode() };
}

/** The guard is made after the unit, to which it reports. */
function guardLater(guard: () => GuardClient): Guard {
  return {
    energise: (door, command, until) => guard().energise(door, command, until),
    energiseAt: (door, command, at, until) => guard().energiseAt(door, command, at, until),
    rest: (door, command) => guard().rest(door, command),
    wake: () => guard().tell({ do: 'wake' }),
  };
}

const STARTING = { status: 503, body: { status: 'starting' } } as const;

function healthSource(
  isUp: () => boolean,
  unit: Unit,
  hub: HubLink,
  { store, clock, version }: ControllerOptions,
): HealthSource {
  return { health: () => (isUp() ? { status: 200, body: healthOf(unit, hub, store, clock, version) } : STARTING) };
}

function simulatedDoors(config: Config, clock: Clock): ReadonlyMap<string, SimDoor> {
  const simulated = config.doors.filter(
    ({ lock, inputs }) => lock.driver === 'sim' || inputs.contact?.driver === 'sim',
  );
  return new Map(simulated.map(({ id }) => [id, new SimDoor(clock, { name: id, autoPass: true })]));
}

function openableReaders(config: Config, clock: Clock): ReadonlyMap<string, ReaderPort> {
  const readers = new Map<string, ReaderPort>();
  for (const reader of config.doors.flatMap((door) => door.readers)) {
    const port = makeReader(reader, clock);
    if (port !== null) readers.set(reader.id, port);
  }
  return readers;
}

/** Lamps and buzzers follow what the page is told. */
function startSignals({ config, clock }: ControllerOptions, parts: BoardParts, unit: Unit): DoorSignals {
  const signals = new DoorSignals(clock, config, makeOutputs(config, clock, parts), unit.devices);
  unit.screen.subscribe((message) => signals.follow(message));
  signals.start();
  return signals;
}

function terminalsOf({ config, clock, log }: ControllerOptions, unit: Unit): TerminalsLan | null {
  if (config.lan === null || config.lan.terminals.length === 0) return null;
  const { site, journal, devices } = unit;
  const passages = new TerminalDesk({ clock, journal, site, trust: () => unit.trust });
  return new TerminalsLan({ lan: config.lan, clock, log, devices, passages });
}

function makeGuard({ config, clock, guardStart }: ControllerOptions, { inputs, outputs }: BoardParts): GuardClient {
  const locks = config.doors.map(({ id, maxPulseMs, lock }): GuardedLock => ({ door: id, maxPulseMs, line: lock }));
  return new GuardClient({ clock, locks, inputs, outputs, spawn: guardStart });
}

function guardSink(
  unit: Unit,
  { log, probe }: ControllerOptions,
  doors: ReadonlyMap<string, SimDoor>,
  parts: BoardParts,
): GuardSink {
  return {
    up: (pid) => {
      log.info({ pid }, 'the guard runs');
      unit.guardIs(true);
    },
    down: (detail) => {
      log.error(`the guard ended and is started again: ${detail}`);
      unit.guardIs(false);
      parts.guardIsGone();
      for (const door of doors.values()) door.setEnergised(false);
    },
    line: ({ door, seq, energised }) => {
      doors.get(door)?.setEnergised(energised);
      if (energised) probe('after-relay-on');
      unit.doorInput(door, { on: 'line', command: seq, energised });
    },
    failed: ({ door, seq, detail }) => {
      log.error({ door, command: seq }, detail);
      unit.doorInput(door, { on: 'failed', command: seq });
    },
    device: ({ door, state }) => unit.lockState(door, state),
    part: (message) => parts.hear(message),
  };
}

function waysOf({ config, journal, site, watch }: Unit, { clock, store }: ControllerOptions): UnitWays {
  const trust = () => {
    watch.look();
    return watch.trust;
  };
  return memberWays({ clock, store, journal, site, trust }, config);
}

async function serve(
  { config, clock, pageDir, log }: ControllerOptions,
  page: PageSource,
  staff: StaffSource,
  health: HealthSource,
  routes: readonly ExtraRoute[],
): Promise<Result<RunningServer, string>> {
  const server = await startServer({
    ...config.listen,
    pageDir,
    page,
    staff,
    health,
    routes,
    clock,
    log: ({ code, detail, times }) => log.warn({ code, times }, detail),
  });
  return server.ok ? server : err(server.error.detail);
}

async function stopAll(
  unit: Unit,
  guard: GuardClient,
  server: RunningServer,
  control: Server,
  doors: ReadonlyMap<string, SimDoor>,
  terminals: TerminalsLan | null,
  signals: DoorSignals,
  setup: Setup,
  sync: UnitSync,
): Promise<void> {
  setup.close();
  control.close();
  const lines = sync.stop();
  // Locks first: whatever else takes its time, the doors are shut.
  await guard.stop();
  await signals.stop();
  await terminals?.close();
  await lines;
  // Before the record is closed: who is signed in is signed out.
  await server.close();
  await unit.stop();
  for (const door of doors.values()) door.close();
}
