/**
 * What the controller starts beside itself while a snapshot comes: reads messages of rows and makes them ready for the
 * store, which costs as much as storing them. It has the unit's key, and neither database nor network.
 */
import { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { Keys } from '../store/keys.ts';
import { readRows } from '../store/read-rows.ts';

const { secret } = z.object({ secret: z.custom<KeyObject>((value) => value instanceof KeyObject) }).parse(workerData);
const keys = new Keys(secret.export());

parentPort?.on('message', ({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>) => {
  const text = Buffer.from(buffer, byteOffset, byteLength).toString();
  // At once: the collector would leave those that have outlived two of its rounds until the heap is full.
  buffer.transfer(0);
  const rows = readRows(text, keys);
  const handedOver = rows === null ? [] : [rows.lines.buffer, rows.sealed.buffer, rows.digests.buffer];
  parentPort?.postMessage(rows, handedOver);
});
parentPort?.postMessage('up');
