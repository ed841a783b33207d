import type { Result } from '../../main/core/result.ts';
import type { DeviceFault, DeviceState } from '../ports.ts';

export interface LineSink {
  /** What the device sent, as it came. The bytes are the sink's to keep; `mono` is when they were there. */
  bytes(bytes: Uint8Array, mono: number): void;
  /** Called at every change, and once soon after `open`. */
  state(state: DeviceState): void;
}

/** Bytes to and from one device. It reconnects by itself, with a growing pause, until it is closed. */
export interface Line {
  open(sink: LineSink): void;
  /**
   * Resolves once the kernel has all the bytes, within 1 s. What is not taken in that time is discarded and the line
   * reconnects: a late command is worse than none. Bytes that can be written at once have left when this returns.
   */
  write(bytes: Uint8Array): Promise<Result<void, DeviceFault>>;
  close(): Promise<void>;
}
