/** The technicians' line to the controller: a socket of its own, in the session of the page. */
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import type { KioskRouter } from '../../../main/api/router.ts';

export type TechCalls = TRPCClient<KioskRouter>;

export interface TechClient {
  readonly calls: TechCalls;
  close(): void;
}

const RETRY_MS = 1_000;

/** @param up told when the line comes and goes */
export function openTechClient(up: (isUp: boolean) => void): TechClient {
  const socket = createWSClient({
    url: () => address(),
    retryDelayMs: () => RETRY_MS,
    keepAlive: { enabled: true, intervalMs: 5_000, pongTimeoutMs: 5_000 },
    onOpen: () => up(true),
    onClose: () => up(false),
  });
  return {
    calls: createTRPCClient<KioskRouter>({ links: [wsLink({ client: socket })] }),
    close: () => void socket.close(),
  };
}

/** A controller that began again knows this page's session no more: loading the page gives a new one. */
async function address(): Promise<string> {
  await fetch('/', { cache: 'no-store' });
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/trpc`;
}
