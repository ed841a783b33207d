/** A relay board with its users: the locks, inputs and outputs that sit on it. Types only. */
import type { Result } from '../../main/core/result.ts';
import type { DeviceFault, DeviceState } from '../ports.ts';

export interface BoardSink {
  /** The board's connection; called at every change, and once soon after `open`. */
  state(state: DeviceState): void;
}

/**
 * One user's own end of a board. The board is opened with its first user and closed with its last. What is asked is done
 * in the order in which it was asked, except that relays come before reading. Every answer comes within 1 s.
 */
export interface BoardUser {
  open(sink: BoardSink): void;
  /**
   * Resolves once the command has left; for a board that answers commands, once it has. What can be written at once has
   * left when this returns.
   */
  setRelay(channel: number, energised: boolean): Promise<Result<void, DeviceFault>>;
  /** Asks the board whether a relay is energised. */
  readRelay(channel: number): Promise<Result<boolean, DeviceFault>>;
  /** Asks the board for an input: true = high, or on. */
  readInput(channel: number): Promise<Result<boolean, DeviceFault>>;
  close(): Promise<void>;
}

/** The command and what its answer looks like. */
export interface Command<Answer> {
  readonly bytes: Uint8Array;
  /**
   * Looks for the answer in everything that came since the command left; undefined: it isn't there yet. An error is the
   * board's own refusal, in words.
   */
  readonly answer: (received: Uint8Array) => Result<Answer, string> | undefined;
}

/** How one make of board is spoken to over a serial line. Pure. */
export interface BoardProtocol {
  readonly name: string;
  /**
   * What the board says to a command that moves a relay: `nothing`; a `prompt`, before which it reads no further
   * command; an `answer`, without which the command counts as failed.
   */
  readonly says: 'nothing' | 'prompt' | 'answer';
  /** Loads what the protocol needs; called before anything else. */
  load(): Promise<void>;
  setRelay(channel: number, energised: boolean): Command<void>;
  /** Null: the make has no such query, or its boards don't agree on one. */
  readRelay(channel: number): Command<boolean> | null;
  readInput(channel: number): Command<boolean> | null;
}
