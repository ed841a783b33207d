/** Bundles the harness as the kiosk's page is bundled, and serves it under the kiosk's policy and two worse ones. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';

const REST_OF_POLICY =
  "connect-src 'self'; media-src 'self' blob:; style-src 'self'; img-src 'self' data:; font-src 'self'";
const POLICIES = {
  strict: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
  'without-wasm': "default-src 'none'; script-src 'self'; worker-src 'self'",
  'without-workers': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'",
} as const;
export type Policy = keyof typeof POLICIES;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

export interface HarnessServer {
  readonly origin: string;
  /** The harness's address under a policy; it is in every answer, since a worker has that of its own script. */
  url(policy: Policy, query?: string): string;
  close(): void;
}

/** Builds into `folder`, which must be empty or absent. */
export async function serveHarness(folder: string): Promise<HarnessServer> {
  await build({
    configFile: false,
    root: import.meta.dirname,
    base: './',
    logLevel: 'error',
    build: { outDir: folder, rolldownOptions: { input: join(import.meta.dirname, 'harness.html') } },
  });
  const server = createServer(async (request, response) => {
    const [, policy = '', ...rest] = normalize((request.url ?? '/').replace(/[?].*/u, '')).split('/');
    const path = join(folder, ...rest);
    const body = await readFile(path).catch(() => null);
    if (body === null || !isPolicy(policy)) return response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    response.setHeader('content-security-policy', `${POLICIES[policy]}; ${REST_OF_POLICY}`);
    return response.end(body);
  });
  const origin = await listen(server);
  return {
    origin,
    url: (policy, query = '') => `${origin}/${policy}/harness.html?${query}`,
    close: () => server.close(),
  };
}

function isPolicy(name: string): name is Policy {
  return name in POLICIES;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the harness has no port');
  return `http://127.0.0.1:${address.port}`;
}
