/**
 * Relay boards that answer, at the other end of a simulated line. They keep their relays' and inputs' state, and take the
 * faults that real ones have: silence, noise, a relay that sticks, answers in pieces.
 */
import type { Clock } from '../../main/core/clock.ts';
import { Pty } from './pty.ts';

export class BoardFaults {
  /** It reads, moves nothing and says nothing. */
  deaf = false;
  /** It moves and says nothing. */
  mute = false;
  /** It answers and moves nothing. */
  stuck = false;
  /** Sent before each answer. */
  noise: Uint8Array = new Uint8Array(0);
  /** The answer comes a byte at a time. */
  inPieces = false;
}

/** What a make of board does with its bytes: what is said to them, if a command is complete. */
type Firmware = (bytes: Uint8Array, board: SimBoard) => Uint8Array | null;

/** A board on a pty. It drops its relays when it is pulled out, as its supply is USB. */
export class SimBoard {
  readonly pty: Pty;
  readonly faults = new BoardFaults();
  readonly relays = new Map<number, boolean>();
  readonly inputs = new Map<number, boolean>();
  #pending = new Uint8Array(0);

  private constructor(pty: Pty, firmware: Firmware) {
    this.pty = pty;
    pty.onRecorded(({ bytes }) => this.#read(bytes, firmware));
  }

  static async numato(clock: Clock): Promise<SimBoard> {
    return new SimBoard(await Pty.make(clock), numatoFirmware);
  }

  static async modbus(clock: Clock, unitId = 1): Promise<SimBoard> {
    return new SimBoard(await Pty.make(clock), modbusFirmware(unitId));
  }

  energised(channel: number): boolean {
    return this.relays.get(channel) ?? false;
  }

  move(channel: number, energised: boolean): void {
    if (!this.faults.stuck) this.relays.set(channel, energised);
  }

  async unplug(): Promise<void> {
    await this.pty.unplug();
    this.relays.clear();
    this.#pending = new Uint8Array(0);
  }

  #read(bytes: Uint8Array, firmware: Firmware): void {
    if (this.faults.deaf) return;
    for (const byte of bytes) {
      this.#pending = Uint8Array.of(...this.#pending, byte);
      const said = firmware(this.#pending, this);
      if (said === null) continue;
      this.#pending = new Uint8Array(0);
      this.#say(said);
    }
  }

  #say(said: Uint8Array): void {
    if (this.faults.mute) return;
    const bytes = Buffer.concat([this.faults.noise, said]);
    if (!this.faults.inPieces) this.pty.send(bytes);
    else for (const byte of bytes) this.pty.send(Uint8Array.of(byte));
  }
}

function numatoFirmware(bytes: Uint8Array, board: SimBoard): Uint8Array | null {
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.endsWith('\r')) return null;
  const [, verb = '', word = '', digit = ''] = /^(relay|gpio) (on|off|read) ([0-9A-V])\r$/.exec(text) ?? [];
  const channel = Number.parseInt(digit, 32);
  let said = '';
  if (verb === 'gpio') said = board.inputs.get(channel) ? '1\n\r' : '0\n\r';
  else if (word === 'read') said = board.energised(channel) ? 'on\n\r' : 'off\n\r';
  else if (verb === 'relay') board.move(channel, word === 'on');
  return Buffer.from(`${text}\n${said}>`, 'latin1');
}

const REQUEST_BYTES = 8;

function modbusFirmware(unitId: number): Firmware {
  return (bytes, board) => {
    if (bytes.length < REQUEST_BYTES) return null;
    const request = Buffer.from(bytes.subarray(-REQUEST_BYTES));
    if (request[0] !== unitId || crc(request) !== 0) return null;
    const address = request.readUInt16BE(2);
    const value = request.readUInt16BE(4);
    const body = modbusAnswer(request[1] ?? 0, address, value, board);
    return checked([unitId, ...body]);
  };
}

function modbusAnswer(code: number, address: number, value: number, board: SimBoard): readonly number[] {
  // As on a board of eight.
  if (address > 7) return [code | 0x80, 2];
  if (code === 5) {
    board.move(address, value === 0xff00);
    return [code, 0, address, value >> 8, 0];
  }
  const bit = code === 1 ? board.energised(address) : (board.inputs.get(address) ?? false);
  return [code, 1, bit ? 1 : 0];
}

function checked(body: readonly number[]): Uint8Array {
  const sum = crc(Uint8Array.from(body));
  return Uint8Array.of(...body, sum & 0xff, sum >> 8);
}

/** CRC-16 of Modbus; 0 over a frame with its own checksum. */
export function crc(bytes: Uint8Array): number {
  let sum = 0xffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >> 1) ^ 0xa001 : sum >> 1;
  }
  return sum;
}
