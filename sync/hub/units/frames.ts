/** Messages as a WebSocket server frames them (RFC 6455, 5.2): text, in one frame, not masked. */
import type { Sendable } from './ports.ts';

/** FIN and the opcode of a text. */
const TEXT = 0x81;
/** The longest length that stands in the second byte, and what stands there for a longer one. */
const [SHORT, OF_16_BITS, OF_64_BITS] = [125, 126, 127];
const MOST_OF_16_BITS = 65_535;
/** Shared bytes above this are written as they are: beside them a copy would cost more than one write of several pieces. */
const COPIED = 2_048;

/** @returns the pieces of one write: mostly one; bytes that several connections share are a piece of their own */
export function framed(messages: readonly Sendable[]): Buffer[] {
  const pieces: Buffer[] = [];
  let run: Sendable[] = [];
  for (const message of messages) {
    run.push(message);
    if (typeof message === 'string' || message.length <= COPIED) continue;
    pieces.push(pieceOf(run, 1), message);
    run = [];
  }
  if (run.length > 0) pieces.push(pieceOf(run, 0));
  return pieces;
}

/** @param bare so many of the last ones stand there with their header alone */
function pieceOf(messages: readonly Sendable[], bare: number): Buffer {
  const lengths = messages.map((message) =>
    typeof message === 'string' ? Buffer.byteLength(message) : message.length,
  );
  const whole = messages.length - bare;
  const size = lengths.reduce((sum, length, at) => sum + headerOf(length) + (at < whole ? length : 0), 0);
  const piece = Buffer.allocUnsafe(size);
  let at = 0;
  for (const [index, message] of messages.entries()) {
    const length = lengths[index] ?? 0;
    at = writeHeader(piece, at, length);
    if (index >= whole) continue;
    if (typeof message === 'string') piece.write(message, at);
    else message.copy(piece, at);
    at += length;
  }
  return piece;
}

function headerOf(length: number): number {
  if (length <= SHORT) return 2;
  return length <= MOST_OF_16_BITS ? 4 : 10;
}

/** @returns where the message itself begins */
function writeHeader(piece: Buffer, at: number, length: number): number {
  piece.writeUInt8(TEXT, at);
  if (length <= SHORT) return piece.writeUInt8(length, at + 1);
  if (length <= MOST_OF_16_BITS) {
    piece.writeUInt8(OF_16_BITS, at + 1);
    return piece.writeUInt16BE(length, at + 2);
  }
  piece.writeUInt8(OF_64_BITS, at + 1);
  return piece.writeBigUInt64BE(BigInt(length), at + 2);
}
