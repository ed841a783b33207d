import { realpathSync } from 'node:fs';
import type { BoardProtocol, BoardUser } from '../../device/boards/board.ts';
import { HidBoard } from '../../device/boards/hid/board.ts';
import { lcus } from '../../device/boards/lcus/protocol.ts';
import { modbus } from '../../device/boards/modbus/protocol.ts';
import { numato } from '../../device/boards/numato/protocol.ts';
import { SerialBoard } from '../../device/boards/serial-board.ts';
import { RelayInput } from '../../device/inputs/relay.ts';
import { SerialLine } from '../../device/lines/serial-line.ts';
import { GpioLock } from '../../device/locks/gpio/lock.ts';
import { RelayLock } from '../../device/locks/relay-lock.ts';
import { SysfsLock } from '../../device/locks/sysfs/lock.ts';
import type { InputPort, LockPort } from '../../device/ports.ts';
import { SimLock } from '../../device/sim/lock.ts';
import type { Clock } from '../core/clock.ts';
import type { Auxiliaries } from './auxiliary.ts';
import type { GuardedInput, GuardedLock, GuardedOutput, InputLine, LockLine } from './protocol.ts';

export interface OpenedLock {
  readonly lock: GuardedLock;
  readonly port: LockPort;
  /** Pulls a simulated line out or puts it back; null for a real one. */
  readonly plug: ((there: boolean) => void) | null;
}

type Serial = InputLine | Extract<LockLine, { driver: 'serial-relay' }>;

/** The ports of locks alone, not yet open. */
export function makeLocks(locks: readonly GuardedLock[], clock: Clock): OpenedLock[] {
  return new Drivers(clock).locks(locks);
}

/** Makes the ports of lines, not yet open. What sits on one board shares it, however its path is written. */
export class Drivers {
  readonly #clock: Clock;
  readonly #lines = new Map<string, SerialBoard>();
  readonly #hidBoards = new Map<string | null, HidBoard>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  locks(locks: readonly GuardedLock[]): OpenedLock[] {
    return locks.map((lock) => {
      const port = this.#line(lock.line, `${lock.door} lock`);
      const plug = (there: boolean) => void (port instanceof SimLock && (there ? port.replug() : port.unplug()));
      return { lock, port, plug: port instanceof SimLock ? plug : null };
    });
  }

  auxiliaries(inputs: readonly GuardedInput[], outputs: readonly GuardedOutput[]): Auxiliaries {
    return {
      inputs: new Map(inputs.map((input) => [input.id, this.#input(input)])),
      outputs: new Map(outputs.map(({ id, line }) => [id, this.#line(line, id)])),
    };
  }

  #input({ id, line, activeLow, debounceMs }: GuardedInput): InputPort {
    const options = { name: id, channel: line.channel, activeLow, debounceMs };
    return new RelayInput(this.#serial(line), options, this.#clock);
  }

  #line(line: LockLine, name: string): LockPort {
    switch (line.driver) {
      case 'sim':
        return new SimLock(this.#clock);
      case 'gpio':
        return new GpioLock(line, this.#clock);
      case 'gpio-sysfs':
        return new SysfsLock(line, this.#clock);
      case 'serial-relay':
        return new RelayLock(this.#serial(line), { name, ...line }, this.#clock);
      case 'hid-relay':
        return new RelayLock(this.#hid(line.serial), { name, ...line }, this.#clock);
      default:
        return line satisfies never;
    }
  }

  #serial(line: Serial): BoardUser {
    const port = `${line.baudRate} ${realPath(line.path)}`;
    const board = this.#lines.get(port) ?? new SerialBoard(new SerialLine(line, this.#clock), line.path, this.#clock);
    this.#lines.set(port, board);
    return board.user(protocolOf(line));
  }

  #hid(serial: string | null): BoardUser {
    const board = this.#hidBoards.get(serial) ?? new HidBoard(serial, this.#clock);
    this.#hidBoards.set(serial, board);
    return board.user();
  }
}

function protocolOf(line: Serial): BoardProtocol {
  switch (line.protocol) {
    case 'lcus':
      return lcus;
    case 'numato':
      return numato;
    case 'modbus':
      return modbus(line.unitId);
    default:
      return line satisfies never;
  }
}

/** A board by its by-id path and by its ttyUSB0 is one board. One that is away is known by its path alone. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
