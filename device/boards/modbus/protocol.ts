/**
 * Relay boards that are Modbus RTU slaves: a relay is a coil (function 5 sets it, 1 reads it), an input a discrete input
 * (function 2), both by the address in the frame, which counts from 0. modbus-serial makes the requests and reads the
 * answers; the line, the order and the time are ours. See the room's notes.
 */
import { EventEmitter } from 'node:events';
import type modbusSerial from 'modbus-serial';
import { err, ok, type Result } from '../../../main/core/result.ts';
import type { BoardProtocol, Command } from '../board.ts';

const SET_COIL = 5;
const READ_COILS = 1;
const READ_INPUTS = 2;
const EXCEPTION = 0x80;
const EXCEPTION_BYTES = 5;
const SET_BYTES = 8;
const READ_BYTES = 6;

type ModbusRTU = InstanceType<typeof modbusSerial.default>;
type Client = new (port: Wire) => ModbusRTU;
type Done<Said> = (problem: Error | null, said: Said) => void;

export function modbus(unitId: number): BoardProtocol {
  let client: Client | null = null;
  const command = <Said, Value>(code: number, length: number, exchange: Exchange<Said, Value>): Command<Value> => {
    if (client === null) throw new Error('a Modbus board is used before its protocol is loaded');
    return commandOf(client, { unitId, code, length }, exchange);
  };
  const read = (code: typeof READ_COILS | typeof READ_INPUTS, address: number): Command<boolean> =>
    command<{ readonly data: readonly boolean[] }, boolean>(code, READ_BYTES, {
      ask: (made, done) => made[code === READ_COILS ? 'writeFC1' : 'writeFC2'](unitId, address, 1, done),
      value: ({ data: [bit] }) => (bit === undefined ? null : { is: bit }),
    });
  return {
    name: 'Modbus',
    says: 'answer',
    load: async () => {
      // Loaded only where a Modbus board is configured: 20 ms.
      client = (await import('modbus-serial')).default.default;
    },
    setRelay: (address, energised) =>
      command<{ readonly address: number; readonly state: boolean }, void>(SET_COIL, SET_BYTES, {
        ask: (made, done) => made.writeFC5(unitId, address, energised, done),
        // The answer repeats the request; another one is the late answer to an earlier command.
        value: (said) => (said.address === address && said.state === energised ? { is: undefined } : null),
      }),
    readRelay: (address) => read(READ_COILS, address),
    readInput: (address) => read(READ_INPUTS, address),
  };
}

interface Frame {
  readonly unitId: number;
  readonly code: number;
  /** Of a good answer. */
  readonly length: number;
}

interface Exchange<Said, Value> {
  ask(client: ModbusRTU, done: Done<Said>): void;
  /** Null: a good frame, but no answer to this request. */
  value(said: Said): { readonly is: Value } | null;
}

/** What modbus-serial takes for its port: keeps the request, hands over candidates for the answer. */
class Wire extends EventEmitter {
  readonly isOpen = true;
  request: Uint8Array = new Uint8Array(0);

  open(opened: (error: null) => void): void {
    opened(null);
  }

  write(bytes: Uint8Array): void {
    this.request = bytes;
  }
}

/** A client of its own for each command, so that nothing of an earlier one is left in it. It has no timers here. */
function commandOf<Said, Value>(Made: Client, frame: Frame, exchange: Exchange<Said, Value>): Command<Value> {
  const wire = new Wire();
  const client = new Made(wire);
  client.open(() => undefined);
  let heard: Result<Said, Error> | null = null;
  exchange.ask(client, (problem, said) => {
    heard = problem === null ? ok(said) : err(problem);
  });
  const decode = (candidate: Uint8Array): Result<Said, Error> | null => {
    heard = null;
    wire.emit('data', Buffer.from(candidate));
    return heard;
  };
  return {
    bytes: wire.request,
    answer: (received) => {
      for (const candidate of candidates(received, frame)) {
        const said = decode(candidate);
        if (said?.ok) {
          const value = exchange.value(said.value);
          if (value !== null) return ok(value.is);
        } else if (said !== null && 'modbusCode' in said.error) {
          return err(said.error.message);
        }
      }
      return undefined;
    },
  };
}

/** Wherever an answer could stand; which of them is one, its checksum says. */
function* candidates(received: Uint8Array, { unitId, code, length }: Frame): Generator<Uint8Array> {
  for (let at = 0; at + EXCEPTION_BYTES <= received.length; at += 1) {
    if (received[at] !== unitId) continue;
    if (received[at + 1] === (code | EXCEPTION)) yield received.subarray(at, at + EXCEPTION_BYTES);
    if (received[at + 1] === code && at + length <= received.length) yield received.subarray(at, at + length);
  }
}
