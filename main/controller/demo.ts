/**
 * What can be played with in the demo and in development: simulated readers and doors. The packaged program doesn't
 * have it; `main/cli/develop.ts` hands it in.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { ReaderPort } from '../../device/ports.ts';
import type { SimDoor } from '../../device/sim/door.ts';
import { SimReader } from '../../device/sim/reader.ts';
import { type DemoControls, demoRoutes } from '../api/demo.ts';
import type { ExtraRoute } from '../api/ports.ts';
import type { Config } from '../contract/config.ts';
import { DemoPin, type StatusMessage } from '../contract/page.ts';

/** The simulated half of a unit. */
export interface SimulatedDevices {
  readonly doors: ReadonlyMap<string, SimDoor>;
  readonly readers: ReadonlyMap<string, ReaderPort>;
  /** Hands in a code as the page's camera would. */
  pageScan(reader: string, code: string): boolean;
  /** Pulls out or puts back the line of a door's lock. */
  plug(door: string, there: boolean): void;
}

export interface Demo {
  routes(devices: SimulatedDevices): readonly ExtraRoute[];
  /** null where nothing is simulated. */
  status(devices: SimulatedDevices): StatusMessage['demo'];
}

const Samples = z.array(
  z.strictObject({ code: z.string().max(512), label: z.strictObject({ ja: z.string(), en: z.string() }) }),
);

export function makeDemo(config: Config, configFile: string): Demo {
  const samples = readSamples(join(dirname(configFile), 'samples.json'));
  const pins = readPins(join(dirname(configFile), 'pins.json'));
  const pageReaders = config.doors
    .filter(({ lock }) => lock.driver === 'sim')
    .flatMap(({ readers }) =>
      readers.filter(({ driver }) => driver === 'camera' || driver === 'wedge').map(({ id }) => id),
    );
  const simReaders = config.doors.flatMap(({ readers }) =>
    readers.filter(({ driver }) => driver === 'sim').map(({ id }) => id),
  );
  return {
    routes: (devices) => demoRoutes(controlsOf(devices, new Set(pageReaders))),
    status: ({ doors }) => {
      if (doors.size === 0 && simReaders.length === 0) return null;
      const simulated = [...doors].map(([door, sim]) => ({ door, ...sim.state() }));
      return { doors: simulated, readers: [...simReaders, ...pageReaders], samples, pins };
    },
  };
}

function controlsOf(devices: SimulatedDevices, pageReaders: ReadonlySet<string>): DemoControls {
  return {
    scan: (id, code) => {
      const reader = devices.readers.get(id);
      if (reader instanceof SimReader) reader.scan(code);
      else if (!pageReaders.has(id) || !devices.pageScan(id, code)) return 'no-such-reader';
      return 'taken';
    },
    door: (id, act) => {
      const door = devices.doors.get(id);
      if (door === undefined) return 'no-such-door';
      const did = door[act === 'replug' ? 'replug' : act]();
      if (did && (act === 'unplug' || act === 'replug')) devices.plug(id, act === 'replug');
      return did ? 'done' : 'nothing-to-do';
    },
  };
}

function readPins(file: string): z.infer<typeof DemoPin>[] {
  return existsSync(file) ? z.array(DemoPin).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
}

/** The demo's own folder has them; a developer's configuration may not. */
function readSamples(file: string): NonNullable<StatusMessage['demo']>['samples'] {
  return existsSync(file) ? Samples.parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
}
