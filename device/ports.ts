/**
 * What the house asks of its devices, as types only. A port is small: commands, one state, unsolicited events. Every
 * driver of a port passes the port's one contract suite.
 */
import type { Result } from '../main/core/result.ts';

/** Why a device doesn't serve. The code is stable, `detail` is one line for technicians and never holds what was read. */
export interface DeviceFault {
  readonly code:
    | 'absent' // nothing there under this name
    | 'unplugged' // was there, is gone
    | 'busy' // somebody else has it
    | 'not-a-device' // the path is something else: a plain file, a folder
    | 'no-answer' // there, but silent
    | 'flooding' // sends more than anything real would
    | 'failed'; // anything else; see detail
  readonly detail: string;
}

export type DeviceState = { readonly ok: true; readonly detail: string } | ({ readonly ok: false } & DeviceFault);

/** One code as a reader gave it: 1 to 512 bytes of valid UTF-8, without its line end, otherwise untouched. Untrusted. */
export interface Reading {
  readonly text: string;
  /** When its last byte was there, on the monotonic clock, in ms. */
  readonly mono: number;
}

export interface ReaderSink {
  reading(reading: Reading): void;
  /** Called at every change, and once soon after `open`. */
  state(state: DeviceState): void;
}

/** A source of codes. It reconnects by itself, with a growing pause, until it is closed. */
export interface ReaderPort {
  open(sink: ReaderSink): void;
  close(): Promise<void>;
}

export interface LockSink {
  /** Called at every change, and once soon after `open`. A line that comes back has been put to rest before this says ok. */
  state(state: DeviceState): void;
}

/** One lock's output line. Lives in the guard, which alone may hold one. It reconnects by itself until it is closed. */
export interface LockPort {
  open(sink: LockSink): void;
  /**
   * Drives the line. Resolves once the command has left for the device (for a board that can be queried: once it
   * agrees), within 1 s in any case. A rest that can't be delivered is sent again by the driver at the next reconnect.
   */
  set(energised: boolean): Promise<Result<void, DeviceFault>>;
  /** Tries to leave the line at rest. */
  close(): Promise<void>;
}

/**
 * A lamp or a buzzer. It behaves as a lock's line does: off when it is opened, when it comes back and when it is closed;
 * whoever wants it on then says so again.
 */
export type OutputPort = LockPort;

export interface InputSink {
  /** The debounced level: true = active (contact: the door is open). Called once soon after `open` with the level found. */
  level(active: boolean, mono: number): void;
  state(state: DeviceState): void;
}

/** A contact, button or alarm input. */
export interface InputPort {
  open(sink: InputSink): void;
  close(): Promise<void>;
}
