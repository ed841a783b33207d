/**
 * Connections that have said nothing yet. Units are counted once they speak (`units/addresses.ts`); before that anybody
 * could hold as many as there may be files open, and nobody else would get in.
 */
import type { Server, Socket } from 'node:net';
import { networkOf } from './network.ts';

export interface CrowdLimits {
  /** null: all come through a proxy, from one address. */
  readonly perAddress: number | null;
  readonly connections: number;
  /** Nobody can be told anything before the handshake. */
  readonly isTls: boolean;
}

const BODY = JSON.stringify({ error: 'too many connections from this address, or at all: come back later' });
const ANSWER = `HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 60\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/** Turns away whoever is too many, before anything of a request is read. */
export function boundCrowd(server: Server, { perAddress, connections, isTls }: CrowdLimits): void {
  const counts = new Map<string, number>();
  let all = 0;
  server.on('connection', (socket: Socket) => {
    const address = networkOf(socket.remoteAddress ?? '');
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    all += 1;
    socket.once('close', () => {
      const left = (counts.get(address) ?? 0) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
      all -= 1;
    });
    if (all > connections || (perAddress !== null && count > perAddress)) turnAway(socket, isTls);
  });
}

function turnAway(socket: Socket, isTls: boolean): void {
  if (isTls) socket.destroy();
  else {
    socket.write(ANSWER);
    socket.destroySoon();
  }
}
