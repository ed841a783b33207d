/** Binds a server to its address, and says in a line why it can't. */
import type { Server } from 'node:http';
import { err, ok, type Result } from '../core/result.ts';

export interface ListenFault {
  readonly code: 'port-in-use' | 'no-such-address' | 'not-permitted' | 'failed';
  /** One line: what, where, what to do. */
  readonly detail: string;
}

/**
 * @param key of the configuration that names the address @param port 0: any that is free
 * @returns the port
 */
export function listen(server: Server, key: string, host: string, port: number): Promise<Result<number, ListenFault>> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) =>
      resolve(err(faultOf(error.code ?? 'unknown', `${key}: ${host} port ${port}`)));
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(ok(address !== null && typeof address === 'object' ? address.port : port));
    });
  });
}

function faultOf(code: string, where: string): ListenFault {
  switch (code) {
    case 'EADDRINUSE':
      return { code: 'port-in-use', detail: `${where} is in use: stop the other program or choose another port` };
    case 'EADDRNOTAVAIL':
      return { code: 'no-such-address', detail: `${where}: this machine has no such address now: check its network` };
    case 'EACCES':
    case 'EPERM':
      return { code: 'not-permitted', detail: `${where} is not permitted to this user: choose a port over 1023` };
    default:
      return { code: 'failed', detail: `${where} can't be opened (${code}): check the network of this machine` };
  }
}
