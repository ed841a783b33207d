/** The reference of `sync.backlog.time`: the same events in the same parts over a socket, inserted and acknowledged. */
import Database from 'better-sqlite3';
import { WebSocket } from 'ws';
import * as z from 'zod';
import { clock } from '../../sync/hub/test-process.ts';

/** As the unit sends them. */
const PART = 128;
const Bodies = z.array(z.object({ body: z.string() }));
const Acknowledged = z.looseObject({ type: z.literal('acknowledged'), seq: z.int() });

/** @param unit under which they are stored @returns milliseconds until the last is acknowledged */
export async function sendRecord(url: string, database: string, unit: string): Promise<number> {
  const db = new Database(database, { readonly: true });
  const bodies = Bodies.parse(db.prepare('SELECT body FROM event ORDER BY seq').all()).map(({ body }) => body);
  db.close();
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const begun = clock.mono();
  const stored = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const message = Acknowledged.safeParse(JSON.parse(String(data)));
      if (message.success && message.data.seq === bodies.length) resolve();
    });
  });
  for (let at = 0; at < bodies.length; at += PART) {
    const events = { type: 'events', unit, epoch: 1, from: at + 1, bodies: bodies.slice(at, at + PART) };
    socket.send(JSON.stringify(events));
  }
  await stored;
  socket.terminate();
  return clock.mono() - begun;
}
