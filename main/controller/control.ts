/**
 * How a command reaches the running controller: a socket in the data folder, which only the unit's own user can open.
 * One request, one answer, each a line of JSON.
 */
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import * as z from 'zod';
import { Id } from '../contract/values.ts';
import { err, ok, type Result } from '../core/result.ts';

const Request = z.discriminatedUnion('do', [
  /** Take this document in: a site bundle or settings, already read from its file. */
  z.strictObject({ do: z.literal('import'), document: z.unknown() }),
  /** Destroy what is stored of this member, except for events. */
  z.strictObject({ do: z.literal('erase'), memberId: Id }),
  /** Somebody of the staff takes an entry back. */
  z.strictObject({ do: z.literal('undo'), of: z.int().min(1), staffId: Id }),
  /** Somebody of the staff ends the stays of a member who left without a scan. */
  z.strictObject({ do: z.literal('end-stay'), memberId: Id, placeId: Id, staffId: Id }),
  /** Make this unit known to a hub, with a one-time code that a person was given there. */
  z.strictObject({
    do: z.literal('pair'),
    url: z.string().max(2_000),
    code: z.string().max(64),
    /** null: as the operator has named it. */
    name: z.string().min(1).max(200).nullable(),
  }),
  /** Destroy what is stored of all members: the hub has revoked this unit. */
  z.strictObject({ do: z.literal('wipe') }),
  /** What healthz says, as one line of JSON. */
  z.strictObject({ do: z.literal('health') }),
]);
export type ControlRequest = z.infer<typeof Request>;

const Answer = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), lines: z.array(z.string()) }),
  z.strictObject({ ok: z.literal(false), lines: z.array(z.string()) }),
]);
/** `lines`: what to tell the person, one finding a line. */
export type ControlAnswer = z.infer<typeof Answer>;

export type ControlHandler = (request: ControlRequest) => ControlAnswer | Promise<ControlAnswer>;

/** A site of 100,000 members takes some 40 MB. */
const MOST_BYTES = 512 * 1_024 * 1_024;
const IDLE_MS = 60_000;

export function listenForControl(path: string, handle: ControlHandler): Server {
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    readAll(socket, (text) => void reply(socket, text, handle));
  });
  server.maxConnections = 4;
  server.listen({ path, readableAll: false, writableAll: false });
  return server;
}

const UNKNOWN: ControlAnswer = { ok: false, lines: ['the controller does not know this command'] };
const TOO_LARGE: ControlAnswer = { ok: false, lines: [`the document is larger than ${MOST_BYTES} bytes`] };

async function reply(socket: Socket, text: string | null, handle: ControlHandler): Promise<void> {
  const request = text === null ? null : Request.safeParse(parseJson(text));
  const answer = request === null ? TOO_LARGE : request.success ? await handle(request.data) : UNKNOWN;
  socket.end(JSON.stringify(answer));
}

/** Sends a request to the controller that listens at `path`. */
export function askController(path: string, request: ControlRequest): Promise<Result<ControlAnswer, string>> {
  return new Promise((resolve) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.on('error', () =>
      resolve(err('the running controller does not answer: wait until it has started, or end it')),
    );
    socket.on('connect', () => socket.end(JSON.stringify(request)));
    readAll(socket, (text) => {
      const parsed = Answer.safeParse(parseJson(text ?? ''));
      resolve(parsed.success ? ok(parsed.data) : err('the running controller ended before it had answered: try again'));
    });
  });
}

/** Hands on all text up to the other side's end; null when it is too much. */
function readAll(socket: Socket, done: (text: string | null) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  });
  socket.on('end', () => done(bytes > MOST_BYTES ? null : Buffer.concat(chunks).toString('utf8')));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
