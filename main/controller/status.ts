/** What healthz and the page tell of the unit. */
import type { StatusMessage } from '../contract/page.ts';
import type { Clock } from '../core/clock.ts';
import { phaseOf } from '../core/door-orders.ts';
import type { Store } from '../store/store.ts';
import type { HubHealth } from './hub-link.ts';
import { waysMessage } from './member-ways.ts';
import type { DoorAlarms } from './staff/alarm-board.ts';
import type { Unit } from './unit.ts';

export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly pid: number;
  readonly version: string;
  readonly clock: StatusMessage['clock'];
  readonly revision: number;
  /** Since the last contact with the hub at which all was applied, else the last import; null: no site yet. */
  readonly dataAgeSeconds: number | null;
  /** Events that no hub has yet. */
  readonly outbox: number;
  /** null: there is none. */
  readonly hub: HubHealth | null;
  /** null: units of this site aren't looked for (`lan.peers`). */
  readonly peers: PeersHealth | null;
  readonly doors: readonly { readonly id: string; readonly state: string; readonly alarms: readonly string[] }[];
  readonly devices: readonly {
    readonly id: string;
    readonly door: string;
    readonly ok: boolean;
    readonly detail: string;
  }[];
}

/** Units of the same site on its network: numbers alone. */
export interface PeersHealth {
  /** By the roster, beside this one. */
  readonly ofSite: number;
  /** Of them, so many have answered here since the start. */
  readonly found: number;
  /** With so many there is a connection now. */
  readonly heard: number;
  /** Since one of them last said something: each does every second; null: none has since the start. */
  readonly silentSeconds: number | null;
}

/** What is shown of the lines to others: the hub, the units of the site. */
export interface HubView {
  health(): HubHealth | null;
  peers(): PeersHealth | null;
  readonly isLost: boolean;
}

export const NO_HUB: HubView = { health: () => null, peers: () => null, isLost: false };

export function healthOf(unit: Unit, hub: HubView, store: Store, clock: Clock, version: string): Health {
  const health = hub.health();
  const row = store.record.unit();
  return {
    status: isDegraded(unit, hub) ? 'degraded' : 'ok',
    pid: process.pid,
    version,
    clock: unit.trust,
    revision: row.revision,
    dataAgeSeconds: health?.dataAgeSeconds ?? importAge(row.imported_at, clock.wall()),
    outbox: store.outbox(),
    hub: health,
    peers: hub.peers(),
    doors: doorsOf(unit),
    devices: unit.devices.list().map(({ id, door, state }) => ({ id, door, ok: state.ok, detail: state.detail })),
  };
}

function importAge(at: number | null, now: number): number | null {
  return at === null ? null : Math.max(0, Math.round((now - at) / 1_000));
}

export function isDegraded(unit: Unit, hub: HubView): boolean {
  const broken = unit.devices.list().some(({ state }) => !state.ok);
  return broken || hub.isLost || unit.trust === 'doubtful' || unit.journal.fault !== null || unit.site.get() === null;
}

/** Those of the configuration, then those that the site has and nobody configured. */
function doorsOf(unit: Unit): Health['doors'] {
  const configured = unit.config.doors.map(({ id }) => ({ id, ...stateOf(unit, id) }));
  const ids = new Set(configured.map(({ id }) => id));
  const others = unit.site.get()?.data.doors.filter(({ id }) => !ids.has(id)) ?? [];
  return [...configured, ...others.map(({ id }) => ({ id, state: 'not-configured', alarms: [] }))];
}

function stateOf(unit: Unit, id: string): Pick<StatusMessage['doors'][number], 'state' | 'alarms'> {
  const state = unit.stateOf(id);
  if (state === undefined) throw new Error('every configured door runs');
  return { state: phaseOf(state), alarms: [...state.alarms, ...(state.mode.fire ? (['fire'] as const) : [])] };
}

/** What stands at the doors of the configuration. */
export function alarmsOf(unit: Unit): DoorAlarms[] {
  return unit.config.doors.map(({ id }) => ({ doorId: id, alarms: stateOf(unit, id).alarms }));
}

export function statusMessage(unit: Unit, hub: HubView, version: string, demo: StatusMessage['demo']): StatusMessage {
  const site = unit.site.get();
  const { languages, helpPhone, reach } = unit.config.display;
  return {
    kind: 'status',
    version,
    site: { name: site?.data.site.name ?? '', timezone: site?.data.site.timezone ?? 'UTC' },
    languages,
    helpPhone,
    reach,
    staffCall: unit.staff.all().length > 0,
    ways: waysMessage(site?.settings ?? null),
    clock: unit.trust,
    doubt: unit.watch.doubt,
    store: unit.journal.fault === null ? 'works' : 'fails',
    degraded: isDegraded(unit, hub),
    hub: hub.health(),
    doors: unit.config.doors.map(({ id, readers, onDoubtfulClock, onStoreFailure, placeCode }) => ({
      id,
      name: site?.data.doors.find((door) => door.id === id)?.name ?? id,
      ...stateOf(unit, id),
      onDoubtfulClock,
      onStoreFailure,
      camera: readers.find(({ driver }) => driver === 'camera')?.id ?? null,
      wedge: readers.find(({ driver }) => driver === 'wedge')?.id ?? null,
      placeCode: placeCode?.kinds ?? [],
    })),
    devices: unit.devices.list().map(({ id, door, kind, driver, state }) => ({ id, door, kind, driver, ok: state.ok })),
    alarms: unit.alarms.list().map(({ takenBy, ...alarm }) => ({ ...alarm, taken: takenBy !== null })),
    demo,
  };
}
