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

parentPort?.on('message', (text: string) => parentPort?.postMessage(readRows(text, keys)));
parentPort?.postMessage('up');
