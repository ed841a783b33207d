/** The one composition root of the controller: makes every part and ties it to the others. */
import type { Server } from 'node:net';
import { SystemKernelTime } from '../../device/clock/kernel-time.ts';
import type { ReaderPort } from '../../device/ports.ts';
import { makeReader } from '../../device/readers/open.ts';
import { SimDoor } from '../../device/sim/door.ts';
import type { ExtraRoute, HealthSource, PageSource } from '../api/ports.ts';
import { type RunningServer, startServer } from '../api/server.ts';
import type { Config } from '../contract/config.ts';
import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { GuardedLock } from '../guard/protocol.ts';
import type { StoreFault } from '../store/faults.ts';
import type { Store } from '../store/store.ts';
import { BoardParts } from './board-parts.ts';
import { BUILT_AT } from './built-at.ts';
import { ClockWatch, pastOf } from './clock-trust.ts';
import { type ControlAnswer, type ControlRequest, listenForControl } from './control.ts';
import type { Demo, SimulatedDevices } from './demo.ts';
import { makeInputs } from './door-inputs.ts';
import { DoorSignals, makeOutputs } from './door-signals.ts';
import { eraseByControl } from './erase.ts';
import { GuardClient, type GuardSink } from './guard-client.ts';
import { type HubLink, pairByControl } from './hub-link.ts';
import { importDocument } from './import.ts';
import type { Log } from './log.ts';
import type { Probe } from './probe.ts';
import type { Reserve } from './reserve-file.ts';
import type { GuardLife } from './service-manager.ts';
import { staffActByControl } from './staff-acts.ts';
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
  readonly log: Log;
  readonly version: string;
  /** The guard's program. */
  readonly guardFile: string;
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
  const parts = new BoardParts(config, (id, on) => guard.output(id, on));
  const readers = openableReaders(config, clock);
  const watch = new ClockWatch({ clock, kernel: new SystemKernelTime(), builtAt: BUILT_AT }, pastOf(store));
  const tellStatus = soon(clock, 'status to the page', () => unit.screen.tell(status()));
  const unit: Unit = new Unit({
    ...options,
    readers,
    watch,
    guard: {
      energise: (door, command, until) => guard.energise(door, command, until),
      energiseAt: (door, command, at, until) => guard.energiseAt(door, command, at, until),
      rest: (door, command) => guard.rest(door, command),
    },
    inputs: makeInputs(config, clock, doors, parts),
    onChange: tellStatus,
    recorded: () => sync.recorded(),
    refused: (memberId, elsewhere) => sync.refused(memberId, elsewhere),
  });
  const sync: UnitSync = new UnitSync(options, unit, tellStatus);
  const { hub } = sync;
  const simulated: SimulatedDevices = {
    doors,
    readers,
    pageScan: (reader, code) => unit.reading(reader, code, clock.mono()),
    plug: (door, there) => guard.plug(door, there),
  };
  const status = () => statusMessage(unit, hub, version, options.demo?.status(simulated) ?? null);
  const guard = makeGuard(options, parts);
  for (const door of doors.values()) door.onChange(() => unit.screen.tell(status()));

  let started = false;
  const page = pageOf(unit, clock, status);
  const health: HealthSource = {
    health: () => (started ? { status: 200, body: healthOf(unit, hub, store, clock, version) } : STARTING),
  };
  const server = await serve(options, page, health, options.demo?.routes(simulated) ?? []);
  if (!server.ok) return server;
  const terminals = terminalsOf(options, unit);
  const control = listenForControl(options.controlFile, (request) => handleControl(request, unit, hub, options));
  const signals = startSignals(options, parts, unit);
  unit.start(version);
  watch.start();
  guard.start(guardSink(unit, options, doors, parts));
  terminals?.start();
  if (options.broken === null) sync.start();
  started = true;
  const stop = () => {
    return stopAll(unit, guard, server.value, control, doors, terminals, signals, sync);
  };
  return ok({ url: server.value.address.url, guard, stop });
}

/** @returns what has `run` called once, soon, however often it is called until then */
function soon(clock: Clock, name: string, run: () => void): () => void {
  let pending = false;
  return () => {
    if (pending) return;
    pending = true;
    clock.after(name, 0, () => {
      pending = false;
      run();
    });
  };
}

const STARTING = { status: 503, body: { status: 'starting' } } as const;

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

function makeGuard({ config, clock, guardFile }: ControllerOptions, { inputs, outputs }: BoardParts): GuardClient {
  const locks = config.doors.map(({ id, maxPulseMs, lock }): GuardedLock => ({ door: id, maxPulseMs, line: lock }));
  return new GuardClient({ clock, locks, inputs, outputs, spawn: { command: process.execPath, args: [guardFile] } });
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

function pageOf(unit: Unit, clock: Clock, status: PageSource['status']): PageSource {
  const pageReaders = new Set(
    unit.config.doors
      .flatMap(({ readers }) => readers)
      .filter(({ driver }) => driver === 'camera' || driver === 'wedge')
      .map(({ id }) => id),
  );
  return {
    status,
    subscribe: (listener) => unit.screen.subscribe(listener),
    scan: ({ reader, text }) => text !== '' && pageReaders.has(reader) && unit.reading(reader, text, clock.mono()),
    choose: ({ event, ticketId }) => unit.choose(event, ticketId),
  };
}

async function serve(
  { config, clock, pageDir, log }: ControllerOptions,
  page: PageSource,
  health: HealthSource,
  routes: readonly ExtraRoute[],
): Promise<Result<RunningServer, string>> {
  const server = await startServer({
    ...config.listen,
    pageDir,
    page,
    health,
    routes,
    clock,
    log: ({ code, detail, times }) => log.warn({ code, times }, detail),
  });
  return server.ok ? server : err(server.error.detail);
}

function handleControl(
  request: ControlRequest,
  unit: Unit,
  hub: HubLink,
  { store, clock, version }: ControllerOptions,
): ControlAnswer | Promise<ControlAnswer> {
  if (request.do === 'health') return { ok: true, lines: [JSON.stringify(healthOf(unit, hub, store, clock, version))] };
  if (request.do === 'pair') return pairByControl(hub, request);
  if (request.do === 'erase') {
    const erased = eraseByControl(store, clock, unit.trust, request.memberId);
    unit.dataChanged();
    return erased;
  }
  if (request.do !== 'import') {
    const { journal, site } = unit;
    return staffActByControl({ store, clock, journal, site }, request);
  }
  // What waits was decided by the site that goes.
  unit.journal.flush();
  const taken = importDocument(store, request.document, clock.wall());
  if (!taken.ok) return { ok: false, lines: [...taken.error] };
  unit.dataChanged();
  hub.dataChanged();
  return { ok: true, lines: [taken.value] };
}

async function stopAll(
  unit: Unit,
  guard: GuardClient,
  server: RunningServer,
  control: Server,
  doors: ReadonlyMap<string, SimDoor>,
  terminals: TerminalsLan | null,
  signals: DoorSignals,
  sync: UnitSync,
): Promise<void> {
  control.close();
  const lines = sync.stop();
  // Locks first: whatever else takes its time, the doors are shut.
  await guard.stop();
  await signals.stop();
  await terminals?.close();
  await lines;
  await unit.stop();
  for (const door of doors.values()) door.close();
  await server.close();
}
