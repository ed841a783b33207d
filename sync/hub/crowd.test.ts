// Somebody opens connection after connection and says nothing on any of them. From there nobody more gets in, and is told
// so; everybody else comes and goes as before.
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { boundCrowd, type CrowdLimits } from './crowd.ts';

async function listening(limits: Partial<CrowdLimits>): Promise<number> {
  const server = createServer((_, reply) => reply.end('served'));
  boundCrowd(server, { perAddress: 3, connections: 100, isTls: false, ...limits });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address: AddressInfo | string | null = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

/** Connected, or turned away already. */
function idle(port: number, from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('connect', () => resolve(socket)));
}

/** All that comes until the end. */
async function asked(port: number, from?: string): Promise<string> {
  const socket = await idle(port, from);
  let heard = '';
  socket.on('data', (data: Buffer) => {
    heard += data.toString();
  });
  socket.write('GET / HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n');
  return new Promise((resolve) => socket.once('close', () => resolve(heard)));
}

const gone = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()).destroy());

test('one too many of an address is told so; others are served, and so is the next once one has gone', async () => {
  const port = await listening({});
  const [first] = [await idle(port), await idle(port), await idle(port)];
  const answer = await asked(port);
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  expect(answer).toContain('too many connections from this address');
  expect(await asked(port, '127.0.0.2')).toMatch(/^HTTP\/1\.1 200 .*served$/s);
  await gone(first);
  await expect.poll(() => asked(port)).toMatch(/^HTTP\/1\.1 200 /);
});

test('whoever comes alone, and again, is never too many', async () => {
  const port = await listening({ perAddress: 1 });
  for (let count = 0; count < 3; count += 1) {
    await gone(await idle(port));
    await expect.poll(() => asked(port)).toMatch(/^HTTP\/1\.1 200 /);
  }
});

test('behind a proxy all come from one address; all together are bounded still', async () => {
  const port = await listening({ perAddress: null, connections: 5 });
  for (let count = 0; count < 4; count += 1) await idle(port);
  expect(await asked(port)).toMatch(/^HTTP\/1\.1 200 /);
  await idle(port);
  expect(await asked(port)).toMatch(/^HTTP\/1\.1 503 /);
});

test('where TLS has not begun there is nothing to say', async () => {
  const port = await listening({ isTls: true });
  for (let count = 0; count < 3; count += 1) await idle(port);
  expect(await asked(port)).toBe('');
});
