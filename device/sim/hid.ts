/** HID devices without a kernel: relay boards and scanners that are plugged in and out, for the drivers' logic in tests. */
import type { HidBus, HidDevice, HidInfo, HidSink } from '../lines/hid/bus.ts';

/** What a simulated device does with feature reports; a scanner does nothing. */
export interface SimHidModel {
  readonly info: Omit<HidInfo, 'path'>;
  sendFeature(bytes: Uint8Array): void;
  getFeature(reportId: number): Uint8Array;
  /** It has lost its supply. */
  drop(): void;
}

export class SimHid implements HidBus {
  readonly #plugged = new Map<SimHidModel, string>();
  readonly #opened = new Map<SimHidModel, Set<HidSink>>();
  #next = 0;
  /** While it hangs, no transfer ends. */
  hangs = false;

  plug(model: SimHidModel): void {
    this.#plugged.set(model, `/dev/hidraw${this.#next}`);
    this.#next += 1;
  }

  unplug(model: SimHidModel): void {
    this.#plugged.delete(model);
    model.drop();
    const sinks = this.#opened.get(model) ?? new Set();
    this.#opened.delete(model);
    for (const sink of sinks) sink.gone('could not read from HID device');
  }

  /** The device sends an input report. */
  send(model: SimHidModel, report: Uint8Array): void {
    for (const sink of this.#opened.get(model) ?? []) sink.report(report);
  }

  async devices(): Promise<readonly HidInfo[]> {
    return [...this.#plugged].map(([{ info }, path]) => ({ path, ...info }));
  }

  async open(path: string): Promise<HidDevice> {
    const [model] = [...this.#plugged].find(([, at]) => at === path) ?? [];
    if (model === undefined) throw new Error(`unable to open ${path}`);
    const sinks = this.#opened.get(model) ?? new Set();
    this.#opened.set(model, sinks);
    let mine: HidSink | null = null;
    const transfer = <T>(run: () => T): Promise<T> => {
      if (this.hangs) return new Promise(() => undefined);
      if (this.#plugged.get(model) !== path) return Promise.reject(new Error('No such device'));
      // As in the kernel, it has happened when the promise is there.
      return Promise.resolve(run());
    };
    return {
      listen: (sink) => {
        mine = sink;
        sinks.add(sink);
      },
      sendFeature: (bytes) => transfer(() => model.sendFeature(bytes)),
      getFeature: (reportId) => transfer(() => model.getFeature(reportId)),
      close: async () => {
        if (mine !== null) sinks.delete(mine);
      },
    };
  }
}

/** A board of eight relays, as the makers of 16c0:05df build them. */
export class SimHidRelays implements SimHidModel {
  readonly info = { vendorId: 0x16c0, productId: 0x05df, serial: '', product: 'USBRelay8', usagePage: 0xff00 };
  readonly #serial: string;
  #relays = 0;
  stuck = false;

  constructor(serial = 'ABCDE') {
    this.#serial = serial;
  }

  energised(channel: number): boolean {
    return ((this.#relays >> (channel - 1)) & 1) === 1;
  }

  sendFeature([, command, channel = 1]: Uint8Array): void {
    const bit = 1 << (channel - 1);
    if (this.stuck) return;
    if (command === 0xff) this.#relays |= bit;
    if (command === 0xfd) this.#relays &= ~bit;
  }

  getFeature(): Uint8Array {
    return Uint8Array.of(...Buffer.from(this.#serial), 0, 0, this.#relays);
  }

  drop(): void {
    this.#relays = 0;
  }
}

/** A scanner in “USB HID POS” mode. */
export class SimHidScanner implements SimHidModel {
  readonly info: Omit<HidInfo, 'path'>;

  constructor(info: Partial<HidInfo> = {}) {
    this.info = { vendorId: 0x0c2e, productId: 0x0b81, serial: 'S1', product: 'scanner', usagePage: 0x8c, ...info };
  }

  /** The reports of one code. */
  reports(code: string): readonly Uint8Array[] {
    const data = Buffer.from(code);
    const count = Math.max(1, Math.ceil(data.length / 56));
    return Array.from({ length: count }, (_, index) => {
      const part = data.subarray(index * 56, (index + 1) * 56);
      const report = Buffer.alloc(64);
      report.set([2, part.length, ...Buffer.from(']Q1'), ...part]);
      report[63] = index + 1 < count ? 1 : 0;
      return report;
    });
  }

  sendFeature(): void {}

  getFeature(): Uint8Array {
    return new Uint8Array(0);
  }

  drop(): void {}
}
