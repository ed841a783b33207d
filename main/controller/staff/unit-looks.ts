/** The unit itself: its site's names, clock, devices, log, and a file for who looks after it. */
import { freemem, loadavg, release, totalmem, uptime } from 'node:os';
import type { LookSource } from '../../api/staff-port.ts';
import type { Clock } from '../../core/clock.ts';
import { err, ok } from '../../core/result.ts';
import { formatDay } from '../../core/time/day.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Store } from '../../store/store.ts';
import type { LogTail } from '../log.ts';
import { type HubView, healthOf } from '../status.ts';
import type { Unit } from '../unit.ts';

type Look<K extends keyof LookSource> = ReturnType<LookSource[K]>;

export interface UnitLookParts {
  readonly unit: Unit;
  readonly hub: HubView;
  readonly store: Store;
  readonly clock: Clock;
  readonly version: string;
  readonly logTail: LogTail;
}

export class UnitLooks {
  readonly #parts: UnitLookParts;

  constructor(parts: UnitLookParts) {
    this.#parts = parts;
  }

  site(): Look<'site'> {
    const { unit } = this.#parts;
    const site = unit.site.get();
    if (site === null) return err('no-site');
    const { data, rules } = site;
    const here = new Set(unit.config.doors.map(({ id }) => id));
    return ok({
      today: formatDay(rules.zone.localDay(unit.watch.trustedAt)),
      stores: data.stores.map(({ id, name }) => ({ id, name })),
      places: data.places.map(({ id, storeId, name }) => ({ id, storeId, name })),
      doors: data.doors.map(({ id, placeId, name }) => ({ id, placeId, name, here: here.has(id) })),
      bands: data.stores.flatMap(({ bands }) => bands.map(({ id, name }) => ({ id, name }))),
      plans: data.plans.map(({ id, name }) => ({ id, name })),
      ticketTypes: data.ticketTypes.map(({ id, name, uses, validDays, price, present }) => ({
        ...{ id, name, uses, validDays, price, present },
      })),
    });
  }

  clock(): Look<'clock'> {
    const { unit, clock } = this.#parts;
    const { trust, doubt, trustedAt } = unit.watch;
    const timezone = unit.site.get()?.data.site.timezone ?? 'UTC';
    return ok({ trust, doubt, wall: clock.wall(), trustedAt, timezone });
  }

  devices(): Look<'devices'> {
    const devices = this.#parts.unit.devices.list();
    return ok(
      devices.map(({ id, door, kind, driver, state }) => ({
        ...{ id, doorId: door, kind, driver, ok: state.ok, detail: state.detail },
      })),
    );
  }

  health(): Look<'health'> {
    const { unit, hub, store, clock, version } = this.#parts;
    return ok({ ...healthOf(unit, hub, store, clock, version) });
  }

  logTail({ limit }: Parameters<LookSource['logTail']>[0]): Look<'logTail'> {
    return ok(this.#parts.logTail.last(limit));
  }

  /** Counts and states, no ids of members, no names, no codes. Paths of devices are in it, since they are looked for. */
  async diagnostics(): Promise<Awaited<Look<'diagnostics'>>> {
    const { unit, hub, store, clock, version, logTail } = this.#parts;
    const at = clock.wall();
    const { doors } = unit.config;
    const file = {
      format: 'genkan-diagnostics/1',
      at: formatInstant(at),
      version,
      machine: machine(),
      health: healthOf(unit, hub, store, clock, version),
      clock: { trust: unit.trust, doubt: unit.watch.doubt, trustedAt: formatInstant(unit.watch.trustedAt) },
      doors: doors.map(({ id, lock, readers, inputs, outputs }) => ({ id, lock, readers, inputs, outputs })),
      record: { last: store.record.last()?.seq ?? null, waiting: unit.journal.waiting.count },
      counts: { members: store.memberCount(), heldForHub: store.held.waitingCount() },
      alarms: unit.alarms.list(),
      timers: clock.timers().map(({ name, dueMono }) => ({ name, inMs: Math.round(dueMono - clock.mono()) })),
      log: logTail.last(500),
    };
    const day = formatInstant(at).slice(0, 19).replaceAll(':', '-');
    return ok({ name: `genkan-diagnostics-${day}.json`, text: `${JSON.stringify(file, null, 1)}\n` });
  }
}

function machine(): object {
  const { arch, platform, version } = process;
  const { rss, heapUsed } = process.memoryUsage();
  return {
    node: version,
    system: `${platform} ${release()} ${arch}`,
    upSeconds: Math.round(uptime()),
    load: loadavg(),
    memory: { total: totalmem(), free: freemem(), rss, heapUsed },
  };
}
