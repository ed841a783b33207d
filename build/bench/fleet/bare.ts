/**
 * `bare.ts DATABASE [CERT KEY]`: the least that a server of doors can do, which `hub.doors` and `sync.change` are measured
 * against. It greets without proofs, makes batches of events durable, acknowledges them, and sends the same bytes to all.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import Database from 'better-sqlite3';
import { type WebSocket, WebSocketServer } from 'ws';
import * as z from 'zod';
import { SystemClock } from '../../../device/clock/system.ts';
import { BareOrder, serve } from './messages.ts';

const GATHER_MS = 10;
const Message = z.looseObject({ type: z.string() });
const Events = z.looseObject({
  unit: z.string(),
  epoch: z.int(),
  from: z.int(),
  bodies: z.array(z.string()),
});

const [file = '', cert, key] = process.argv.slice(2);
const clock = new SystemClock();
const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('CREATE TABLE event (unit TEXT, seq INTEGER, body TEXT, PRIMARY KEY (unit, seq)) STRICT, WITHOUT ROWID');
const insert = db.prepare('INSERT INTO event VALUES (?, ?, ?)');

type Taken = { readonly socket: WebSocket; readonly events: z.infer<typeof Events> };
let waiting: Taken[] = [];

const commit = db.transaction((group: readonly Taken[]) => {
  for (const { events } of group)
    for (const [at, body] of events.bodies.entries()) insert.run(events.unit, events.from + at, body);
});

function settle(): void {
  const group = waiting;
  waiting = [];
  commit(group);
  for (const { socket, events } of group) {
    const { unit, epoch, from, bodies } = events;
    socket.send(JSON.stringify({ type: 'acknowledged', unit, epoch, seq: from + bodies.length - 1 }));
  }
}

function take(socket: WebSocket, data: string): void {
  const message: unknown = JSON.parse(data);
  switch (Message.parse(message).type) {
    case 'events':
      if (waiting.length === 0) clock.after('commit', GATHER_MS, settle);
      waiting.push({ socket, events: Events.parse(message) });
      return;
    case 'hello':
      socket.send(JSON.stringify(WELCOME));
      return;
    case 'ping':
      socket.send(JSON.stringify({ type: 'pong', hubTime: clock.wall() }));
  }
}

const WELCOME = {
  ...{ type: 'welcome', hubTime: 0, proof: 'A'.repeat(86) },
  ...{ acknowledged: null, revision: 1 },
};

const server =
  cert === undefined || key === undefined
    ? createServer()
    : createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) });
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => take(socket, String(data)));
  socket.on('error', () => socket.terminate());
  socket.send(JSON.stringify({ type: 'challenge', version: 1, nonce: 'A'.repeat(22) }));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ did: 'listen', port: address.port });
});

serve((order) => {
  const bytes = Buffer.from(BareOrder.parse(order).text);
  const at = clock.mono();
  for (const socket of sockets.clients) socket.send(bytes, { binary: false });
  return { did: 'broadcast', at };
});
