/** What is asked of the kernel's input devices, as types only. Calls are synchronous and throw the kernel's error. */

export interface KeyboardInfo {
  /** `/dev/input/event3`. The number may be another after a replug. */
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  /** Of the USB device; empty where it has none. */
  readonly serial: string;
  readonly name: string;
}

export interface Keyboard {
  /** Reads from now on: events as the kernel gives them, whole ones. */
  listen(sink: { bytes(bytes: Uint8Array): void; gone(): void }): void;
  close(): void;
}

export interface KeyboardBus {
  /** The input devices that have letters and Enter. */
  keyboards(): readonly KeyboardInfo[];
  /** Takes the device for this program alone: what it types reaches nobody else. */
  grab(path: string): Keyboard;
}
