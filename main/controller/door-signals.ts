/** The lamps and buzzers of the doors: they say at the door what the screen says. Nothing hangs on them. */
import { makeOutput } from '../../device/outputs/open.ts';
import type { OutputPort } from '../../device/ports.ts';
import type { Config } from '../contract/config.ts';
import type { OutputName } from '../contract/devices.ts';
import type { PageMessage } from '../contract/page.ts';
import type { Clock, Timer } from '../core/clock.ts';
import { type BoardParts, partId } from './board-parts.ts';
import type { DeviceBoard } from './device-board.ts';

/** As long as the screen shows a refusal at least. */
const LAMP_MS = 3_000;

export type DoorOutputs = ReadonlyMap<string, ReadonlyMap<OutputName, OutputPort>>;

const NAMES: readonly OutputName[] = ['buzzer', 'admitted', 'refused'];

/** @param parts those on relay boards */
export function makeOutputs(config: Config, clock: Clock, parts: BoardParts): DoorOutputs {
  return new Map(
    config.doors.map(({ id, outputs }) => {
      const ports = NAMES.flatMap((name): [OutputName, OutputPort][] => {
        const wanted = outputs[name];
        const port = wanted === null ? null : (makeOutput(wanted, clock) ?? parts.output(partId(id, name)));
        return port === null ? [] : [[name, port]];
      });
      return [id, new Map(ports)];
    }),
  );
}

export class DoorSignals {
  readonly #clock: Clock;
  readonly #outputs: DoorOutputs;
  readonly #devices: DeviceBoard;
  readonly #on = new Set<string>();
  readonly #lamps = new Map<string, Timer>();

  constructor(clock: Clock, config: Config, outputs: DoorOutputs, devices: DeviceBoard) {
    this.#clock = clock;
    this.#outputs = outputs;
    this.#devices = devices;
    for (const { id: door, outputs: configured } of config.doors) {
      for (const name of outputs.get(door)?.keys() ?? []) {
        const driver = configured[name]?.driver ?? 'sim';
        devices.add({ id: partId(door, name), door, kind: 'output', driver });
      }
    }
  }

  start(): void {
    for (const [door, ports] of this.#outputs) {
      for (const [name, port] of ports) {
        const id = partId(door, name);
        port.open({
          state: (state) => {
            this.#devices.set(id, state);
            // It comes back off.
            if (state.ok && this.#on.has(id)) void port.set(true);
          },
        });
      }
    }
  }

  /** What the page is told. */
  follow(message: PageMessage): void {
    if (message.kind === 'decision') this.#show(message.doorId, message.granted ? 'admitted' : 'refused');
    if (message.kind !== 'status') return;
    for (const { id, alarms } of message.doors) this.#switch(id, 'buzzer', alarms.length > 0);
  }

  async stop(): Promise<void> {
    for (const timer of this.#lamps.values()) timer.cancel();
    this.#lamps.clear();
    this.#on.clear();
    await Promise.all([...this.#outputs.values()].flatMap((ports) => [...ports.values()].map((port) => port.close())));
  }

  #show(door: string, lamp: 'admitted' | 'refused'): void {
    this.#lamps.get(door)?.cancel();
    this.#switch(door, lamp === 'admitted' ? 'refused' : 'admitted', false);
    this.#switch(door, lamp, true);
    this.#lamps.set(
      door,
      this.#clock.after(`${door} lamp`, LAMP_MS, () => {
        this.#lamps.delete(door);
        this.#switch(door, lamp, false);
      }),
    );
  }

  #switch(door: string, name: OutputName, on: boolean): void {
    const port = this.#outputs.get(door)?.get(name);
    const id = partId(door, name);
    if (port === undefined || on === this.#on.has(id)) return;
    if (on) this.#on.add(id);
    else this.#on.delete(id);
    void port.set(on);
  }
}
