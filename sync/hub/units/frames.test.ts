// The hub frames its messages itself, several to a write: whoever reads WebSocket gets each whole and in its order.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { framed } from './frames.ts';

const text = (length: number) => 'x'.repeat(length);

/** What a client makes of these bytes. */
async function heard(pieces: readonly Buffer[], count: number): Promise<string[]> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (req, socket, head) => {
    sockets.handleUpgrade(req, socket, head, () => {
      for (const piece of pieces) socket.write(piece);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  const messages: string[] = [];
  const all = new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('message', (data, isBinary) => {
      messages.push(isBinary ? 'binary' : String(data));
      if (messages.length === count) resolve();
    });
  });
  await all;
  const closed = once(client, 'close');
  client.terminate();
  await closed;
  for (const socket of sockets.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
  return messages;
}

describe('a message reaches the client as it was sent', () => {
  test.each([0, 1, 125, 126, 65_535, 65_536])('of %i bytes', async (length) => {
    expect(await heard(framed([text(length)]), 1)).toEqual([text(length)]);
  });

  test('in letters of several bytes', async () => {
    const name = '会員'.repeat(30);
    expect(await heard(framed([name, Buffer.from(name)]), 2)).toEqual([name, name]);
  });

  test('between others, in their order', async () => {
    const shared = Buffer.from(text(9_000));
    const messages = ['first', shared, 'third', Buffer.from('fourth'), shared, 'last'];
    expect(await heard(framed(messages), 6)).toEqual(messages.map(String));
  });
});

test('small messages are one piece; large bytes that several share are written as they are', () => {
  const shared = Buffer.from(text(9_000));
  expect(framed(['a', 'b', Buffer.from('c')])).toHaveLength(1);
  const pieces = framed(['a', shared, 'b']);
  expect(pieces).toHaveLength(3);
  expect(pieces[1]).toBe(shared);
});
