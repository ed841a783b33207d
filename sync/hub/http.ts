/**
 * The hub's HTTP: health, operators' calls, and the upgrade to a unit's WebSocket. Nothing of a call's body is read
 * before its token is known.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { err, ok, type Result } from '../../main/core/result.ts';
import { type Actor, type AdminContext, NO_TOKEN } from './admin/call.ts';
import { adminRouter } from './admin/router.ts';
import { type HubConfig, isOurHost } from './config.ts';
import { boundCrowd, type CrowdLimits } from './crowd.ts';
import { digest } from './keys.ts';
import { placeOf } from './log.ts';
import { openGate, UNIT_PATH } from './units/gate.ts';
import type { HubParts } from './units/ports.ts';
import type { UnitServer } from './units/server.ts';

const LIMITS = {
  /** A whole site of 100,000 members. */
  documentBytes: 256 * 1_048_576,
  callBytes: 1_048_576,
  headerBytes: 16_384,
  headerMs: 10_000,
  handshakeMs: 10_000,
  lookMs: 2_000,
  /** Beyond those of units. */
  moreConnections: 1_000,
  /** A whole site over a slow line. */
  requestMs: 300_000,
} as const;

/** Calls that take a document. */
const DOCUMENT_CALLS = new Set(['site.import', 'settings.import', 'carried.events']);
/** The one call without a token. */
const OPEN_CALLS = new Set(['setup.claim']);

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null;
  }
}

export interface HttpOptions {
  readonly config: HubConfig;
  readonly parts: HubParts;
  readonly units: UnitServer;
  readonly health: () => Promise<Readonly<Record<string, unknown>>>;
}

export interface RunningHttp {
  readonly url: string;
  close(): Promise<void>;
}

/** @returns one line that says why it can't listen */
export async function startHttp(options: HttpOptions): Promise<Result<RunningHttp, string>> {
  const { config, units } = options;
  const made = makeServer(config);
  if (!made.ok) return made;
  const server = made.value;
  boundCrowd(server, crowdLimits(options));
  const place: Place = { url: '' };
  const app = fastify({
    serverFactory: (handler) => {
      server.on('request', handler);
      return server;
    },
    bodyLimit: LIMITS.callBytes,
    routerOptions: { maxParamLength: 200 },
  });
  addRoutes(app, options, place);
  const cut = openGate(server, units, {
    behindProxy: config.behindProxy,
    isOurHost: (host) => isOurHost(config, host),
  });
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    await app.close();
    return err(`HUB_PORT: ${config.host}:${config.port} can’t be listened on (${code}): free it or set another`);
  }
  place.url = urlOf(config, portOf(server));
  const close = async (): Promise<void> => {
    cut();
    server.closeAllConnections();
    await app.close();
  };
  return ok({ url: place.url, close });
}

/** With room for operators, and for units that are told why they can't stay. */
function crowdLimits({ config, parts }: HttpOptions): CrowdLimits {
  const { perAddress, strangersPerAddress, connections } = parts.limits;
  return {
    perAddress: config.behindProxy ? null : perAddress + strangersPerAddress,
    connections: connections + LIMITS.moreConnections,
    isTls: config.tls !== null,
  };
}

/** Known once it listens. */
interface Place {
  url: string;
}

function makeServer(config: HubConfig): Result<Server, string> {
  const bounds = {
    maxHeaderSize: LIMITS.headerBytes,
    headersTimeout: LIMITS.headerMs,
    requestTimeout: LIMITS.requestMs,
    // Else it is looked each half minute who is too slow.
    connectionsCheckingInterval: LIMITS.lookMs,
  };
  if (config.tls === null) return ok(createServer(bounds));
  try {
    const [cert, key] = [readFileSync(config.tls.cert), readFileSync(config.tls.key)];
    return ok(createTlsServer({ ...bounds, cert, key, minVersion: 'TLSv1.2', handshakeTimeout: LIMITS.handshakeMs }));
  } catch {
    return err('HUB_TLS_CERT, HUB_TLS_KEY: not a readable certificate with its key, in PEM');
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

function urlOf(config: HubConfig, port: number): string {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `${config.tls === null ? 'http' : 'https'}://${host}:${port}/`;
}

function addRoutes(app: FastifyInstance, options: HttpOptions, place: Place): void {
  const { config, health } = options;
  app.decorateRequest('actor', null);
  app.addHook('onRequest', async (req, reply) => {
    reply.headers({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
    if (!isOurHost(config, req.headers.host)) await reply.code(421).send({ error: 'this hub is not called that' });
    // A browser of somebody else's page has no business here yet; the console comes from this very origin.
    else if (isForeign(req)) await reply.code(403).send({ error: 'calls come from this hub’s own pages' });
  });
  app.setNotFoundHandler((_req, reply) => reply.code(404).send({ error: 'there is no such address' }));
  app.setErrorHandler((error, _req, reply) => answerError(error, reply, options.parts));
  app.get('/healthz', async (_req, reply) => reply.code(200).send(await health()));
  void app.register(async (api) => addCalls(api, options, place), { prefix: '/api' });
}

function isForeign({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  return origin !== undefined && URL.parse(origin)?.host !== host;
}

async function addCalls(api: FastifyInstance, { config, parts, units }: HttpOptions, place: Place): Promise<void> {
  api.addHook('onRequest', async (req, reply) => {
    req.actor = await actorOf(parts, req);
    const call = req.url.split('?')[0]?.slice('/api/'.length) ?? '';
    if (req.actor === null && !OPEN_CALLS.has(call)) await reply.code(401).send({ error: NO_TOKEN });
    else if (!DOCUMENT_CALLS.has(call) && Number(req.headers['content-length'] ?? 0) > LIMITS.callBytes)
      await reply.code(413).send({ error: `a call is at most ${LIMITS.callBytes} bytes` });
  });
  api.addHook('onRoute', (route) => {
    route.bodyLimit = LIMITS.documentBytes;
  });
  const createContext = ({ req }: { req: FastifyRequest }): AdminContext => ({
    parts,
    units,
    actor: req.actor,
    unitUrl: unitUrlOf(config, place.url),
  });
  await api.register(fastifyTRPCPlugin, { trpcOptions: { router: adminRouter, createContext, allowBatching: false } });
}

/** Where units call: the first public name, or where we listen. */
function unitUrlOf(config: HubConfig, url: string): string {
  const [name] = config.names;
  const own = url.replace(/^http/, 'ws').replace(/\/$/, UNIT_PATH);
  return name === undefined ? own : `wss://${name}${UNIT_PATH}`;
}

async function actorOf({ store }: HubParts, { headers }: FastifyRequest): Promise<Actor | null> {
  const [scheme, token] = (headers.authorization ?? '').split(' ');
  if (scheme !== 'Bearer' || token === undefined || !/^gk_[A-Za-z0-9_-]{43}$/.test(token)) return null;
  const found = await store.whoHas(digest(token));
  return found === null ? null : { ...found, digest: digest(token) };
}

function answerError(error: unknown, reply: FastifyReply, { log }: HubParts): void {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  const line =
    status === 413
      ? 'the body is too large'
      : status < 500
        ? 'the request is not as it should be'
        : 'this could not be done: the hub’s healthz and log say why';
  if (status >= 500) log.warn({ place: placeOf(error) }, 'a request failed');
  void reply.code(status).send({ error: line });
}
