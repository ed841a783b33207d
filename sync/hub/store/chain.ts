/** The hash chain of a unit's record, as the unit makes it (`main/store/record.ts`). */
import { hash } from 'node:crypto';

/** The chain begins with the unit and its epoch. */
export function genesis(unit: string, epoch: number): Buffer {
  return hash('sha256', `genkan ${unit} ${epoch}`, 'buffer');
}

export function link(before: Uint8Array, body: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([before, body]), 'buffer');
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}
