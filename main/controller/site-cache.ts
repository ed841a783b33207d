/** The site as the doors need it: rules, and the names that the screen shows. Compiled anew after an import. */

import type { Settings } from '../contract/settings.ts';
import type { DoorSchedule } from '../core/door-schedule.ts';
import type { MasterData } from '../core/model.ts';
import { compileRules, dayNumber, type Rules } from '../core/rules.ts';
import { parseTimeOfDay } from '../core/time/instant.ts';
import type { Store } from '../store/store.ts';
import { PassChecker } from './passes/pass-checker.ts';

export interface LoadedSite {
  readonly data: MasterData;
  readonly rules: Rules;
  readonly revision: number;
  /** null while none have been imported. */
  readonly settings: Settings | null;
  /** null while no settings have been imported. */
  readonly passes: PassChecker | null;
  /** Plans for which a static code is none. */
  readonly staticCodesOff: ReadonlySet<string>;
  /** By door, of those for which the calendar orders anything. */
  readonly schedules: ReadonlyMap<string, DoorSchedule>;
}

export class SiteCache {
  readonly #store: Store;
  #site: LoadedSite | null = null;

  constructor(store: Store) {
    this.#store = store;
    this.reload();
  }

  /** null while no site has been imported. */
  get(): LoadedSite | null {
    return this.#site;
  }

  reload(): void {
    const data = this.#store.master();
    const { revision } = this.#store.record.unit();
    const settings = this.#store.settings();
    const passes = settings === null ? null : new PassChecker(settings);
    const staticCodesOff = new Set(settings?.staticCodesOff);
    this.#site =
      data === null
        ? null
        : {
            data,
            rules: compileRules(data),
            revision,
            settings,
            passes,
            staticCodesOff,
            schedules: schedulesOf(settings),
          };
  }
}

function schedulesOf(settings: Settings | null): ReadonlyMap<string, DoorSchedule> {
  const { closedDays = [], doorSchedules = [] } = settings ?? {};
  const doors = new Set([...closedDays, ...doorSchedules].map(({ doorId }) => doorId));
  return new Map([...doors].map((door) => [door, scheduleOf(door, closedDays, doorSchedules)]));
}

function scheduleOf(
  door: string,
  closedDays: Settings['closedDays'],
  doorSchedules: Settings['doorSchedules'],
): DoorSchedule {
  const dates = closedDays.filter(({ doorId }) => doorId === door).flatMap((one) => one.dates);
  const bands = doorSchedules.filter(({ doorId }) => doorId === door).flatMap((one) => one.bands);
  const minute = (time: string) => parseTimeOfDay(time, true) ?? 0;
  return {
    closedDays: new Set(dates.map(dayNumber)),
    bands: bands.map((band) => ({ ...band, from: minute(band.from), to: minute(band.to) })),
  };
}
