/** `doors.ts`: many doors in one process, the load generator of `hub.doors` and `sync.change`. */
import { SystemClock } from '../../../device/clock/system.ts';
import { until } from '../../../device/sim/wait.ts';
import { Identity } from '../../../sync/conformance/unit.ts';
import { Door } from './door.ts';
import { Order, type Report, serve, type Target } from './messages.ts';

/** Connections that are made at once. */
const AT_ONCE = 24;
const SLICES = 100;
const SLICE_MS = 10;
const PATIENCE_MS = 10_000;
/** All of them at once is no load like a door's. */
const SETTLE_MS = 1_000;

const clock = new SystemClock();
const fleets: Record<Target, readonly Door[]> = { ours: [], bare: [] };

serve((order) => carryOut(Order.parse(order)));

async function carryOut(order: Order): Promise<Report> {
  switch (order.do) {
    case 'make':
      return make(order.doors);
    case 'connect':
      await connect(fleets[order.to], order.url, order.ca);
      return { did: 'connect' };
    case 'load':
      return load(fleets[order.to], order.seconds);
    case 'ping':
      for (const door of fleets[order.to]) door.sendPing();
      await pause(SETTLE_MS);
      return { did: 'ping' };
    case 'watch':
      for (const door of fleets[order.to]) door.heard = null;
      return { did: 'watch' };
    case 'heard':
      return heard(fleets[order.to]);
  }
}

function make(count: number): Report {
  const doors = () =>
    Array.from({ length: count }, (_, number) => new Door(clock, new Identity(`door-${number}`), number));
  fleets.ours = doors();
  fleets.bare = doors();
  return { did: 'make', units: fleets.ours.map(({ identity: { unit, key } }) => ({ unit, key })) };
}

async function connect(doors: readonly Door[], url: string, ca: string | null): Promise<void> {
  for (let at = 0; at < doors.length; at += AT_ONCE)
    await Promise.all(doors.slice(at, at + AT_ONCE).map((door) => door.connect(url, ca)));
}

/** Each door one event and one ping a second, spread over it. */
async function load(doors: readonly Door[], seconds: number): Promise<Report> {
  for (const door of doors) door.prepare(seconds);
  const slices = Array.from({ length: SLICES }, (_, slice) => doors.filter((_, number) => number % SLICES === slice));
  const begun = clock.mono();
  let lateMs = 0;
  for (let tick = 0; tick < seconds * SLICES; tick += 1) {
    const due = begun + tick * SLICE_MS;
    if (clock.mono() < due) await pause(due - clock.mono());
    lateMs = Math.max(lateMs, clock.mono() - due);
    for (const door of slices[tick % SLICES] ?? []) door.sendEvent();
    for (const door of slices[(tick + SLICES / 2) % SLICES] ?? []) door.sendPing();
  }
  const deadline = clock.mono() + PATIENCE_MS;
  while (clock.mono() < deadline && !doors.every(({ isAnswered }) => isAnswered)) await pause(SLICE_MS);
  const finished = doors.map((door) => door.finish());
  const lost = finished.reduce((sum, one) => sum + one.lost, 0);
  const cut = doors.filter(({ isOpen }) => !isOpen).length;
  if (cut > 0) throw new Error(`${cut} of ${doors.length} doors were cut off under load`);
  return { did: 'load', ackMs: finished.flatMap(({ ackMs }) => ackMs), lost, lateMs };
}

async function heard(doors: readonly Door[]): Promise<Report> {
  await until('all doors hear of a change', () => doors.every((door) => door.heard !== null), {
    withinMs: PATIENCE_MS,
    seen: () => `${doors.filter((door) => door.heard !== null).length} of ${doors.length} did`,
  });
  return { did: 'heard', at: Math.max(...doors.map((door) => door.heard ?? 0)) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after('load', ms, resolve);
  });
}
