import type { Clock } from '../../../main/core/clock.ts';
import { err, ok, type Result } from '../../../main/core/result.ts';
import type { HidBus, HidDevice, HidInfo } from '../../lines/hid/bus.ts';
import { hidFault, type LoadHid, loadLinuxHid, theOne } from '../../lines/hid/find.ts';
import { KeptOpen } from '../../lines/kept-open.ts';
import type { DeviceFault, DeviceState } from '../../ports.ts';
import type { BoardSink, BoardUser } from '../board.ts';
import { isRelayBoard, readStatus, STATUS_BYTES, STATUS_REPORT, writeRelay } from './report.ts';

/** The kernel itself waits 5 s for a board that hangs. */
const ANSWER_MS = 400;

/** A relay board that is a HID device. Its transfers run one after the other in the thread pool. */
export class HidBoard {
  readonly #title: string;
  readonly #clock: Clock;
  readonly #kept: KeptOpen<HidDevice>;
  readonly #sinks = new Set<BoardSink>();
  #state: DeviceState | null = null;
  #busy: Promise<unknown> | null = null;

  /** `serial`: the board's own five characters; null: the only board there is. */
  constructor(serial: string | null, clock: Clock, load: LoadHid = loadLinuxHid) {
    this.#title = serial === null ? 'the HID relay board' : `HID relay board ${serial}`;
    this.#clock = clock;
    this.#kept = new KeptOpen<HidDevice>(
      {
        name: this.#title,
        open: (lost) => this.#find(serial, load, lost),
        close: (device) => closed(device),
        look: () => Promise.resolve(null),
      },
      clock,
    );
  }

  user(): BoardUser {
    let mine: BoardSink | null = null;
    return {
      open: (sink) => {
        mine = sink;
        this.#join(sink);
      },
      setRelay: (channel, energised) => this.#ask((device) => device.sendFeature(writeRelay(channel, energised))),
      readRelay: async (channel) => {
        const bytes = await this.#ask((device) => device.getFeature(STATUS_REPORT, STATUS_BYTES));
        if (!bytes.ok) return bytes;
        const relay = readStatus(bytes.value)?.energised[channel - 1];
        return relay === undefined ? err(this.#fault('its status can’t be read')) : ok(relay);
      },
      readInput: () => Promise.resolve(err(this.#fault('it has no inputs'))),
      close: async () => {
        const sink = mine;
        mine = null;
        if (sink === null || !this.#sinks.delete(sink) || this.#sinks.size > 0) return;
        this.#state = null;
        await this.#kept.close();
      },
    };
  }

  #join(sink: BoardSink): void {
    this.#sinks.add(sink);
    if (this.#sinks.size === 1) {
      this.#kept.open({ state: (state) => this.#follow(state), up: () => undefined });
      return;
    }
    const known = this.#state;
    if (known === null) return;
    queueMicrotask(() => {
      if (this.#state === known && this.#sinks.has(sink)) sink.state(known);
    });
  }

  #follow(state: DeviceState): void {
    this.#state = state;
    for (const sink of this.#sinks) sink.state(state);
  }

  /** One transfer at a time; what can begin at once has begun when this returns. */
  async #ask<T>(transfer: (device: HidDevice) => Promise<T>): Promise<Result<T, DeviceFault>> {
    while (this.#busy !== null) await this.#busy;
    const device = this.#kept.device;
    if (!device.ok) return device;
    const running = transfer(device.value).then(
      (value) => ok(value),
      (error: unknown) => err(hidFault(this.#title, error)),
    );
    const answer = this.#inTime(running);
    const busy = answer.finally(() => {
      if (this.#busy === busy) this.#busy = null;
    });
    this.#busy = busy;
    const result = await answer;
    // A transfer that failed or hangs leaves nothing to rely on.
    if (!result.ok && this.#kept.device.ok && this.#kept.device.value === device.value) this.#kept.lost(result.error);
    return result;
  }

  #inTime<T>(running: Promise<Result<T, DeviceFault>>): Promise<Result<T, DeviceFault>> {
    return new Promise((resolve) => {
      const late = this.#clock.after(`${this.#title} answers`, ANSWER_MS, () => {
        resolve(err({ code: 'no-answer', detail: `${this.#title} doesn’t answer` }));
      });
      void running.then((result) => {
        late.cancel();
        resolve(result);
      });
    });
  }

  async #find(
    serial: string | null,
    load: LoadHid,
    lost: (fault: DeviceFault) => void,
  ): Promise<Result<HidDevice, DeviceFault>> {
    try {
      const bus = await load();
      const boards = (await bus.devices()).filter(isRelayBoard);
      const chosen = theOne(this.#title, serial === null ? boards : await withSerial(bus, boards, serial));
      if (!chosen.ok) return chosen;
      const device = await bus.open(chosen.value.path);
      const gone = (): void => lost({ code: 'unplugged', detail: `${this.#title} is gone` });
      device.listen({ report: () => undefined, gone });
      return ok(device);
    } catch (error) {
      return err(hidFault(this.#title, error));
    }
  }

  #fault(why: string): DeviceFault {
    return { code: 'failed', detail: `${this.#title}: ${why}` };
  }
}

/** The serial is in a report, not in the USB descriptor: each board has to be opened for it. */
async function withSerial(bus: HidBus, boards: readonly HidInfo[], serial: string): Promise<readonly HidInfo[]> {
  const found: HidInfo[] = [];
  for (const board of boards) {
    const device = await bus.open(board.path).catch(() => null);
    if (device === null) continue;
    const status = await device.getFeature(STATUS_REPORT, STATUS_BYTES).then(readStatus, () => null);
    if (status?.serial === serial) found.push(board);
    await closed(device);
  }
  return found;
}

function closed(device: HidDevice): Promise<void> {
  return device.close().catch(() => undefined);
}
