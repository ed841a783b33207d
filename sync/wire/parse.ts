/** Untrusted text to a message: bounded in bytes and depth before anything else looks at it. */
import type * as z from 'zod';
import { err, ok, type Result } from '../../main/core/result.ts';
import { FromHub, type WireFault } from './from-hub.ts';
import { WIRE } from './limits.ts';
import { PeerMessage } from './peer.ts';
import { ToHub } from './to-hub.ts';

export interface WireError {
  readonly why: Extract<WireFault, 'not-a-message' | 'too-large'>;
  /** One line; has paths and expectations, never what was there. */
  readonly detail: string;
}

export function parseToHub(text: string): Result<ToHub, WireError> {
  return parse(ToHub, text);
}

export function parseFromHub(text: string): Result<FromHub, WireError> {
  return parse(FromHub, text);
}

export function parsePeer(text: string): Result<PeerMessage, WireError> {
  return parse(PeerMessage, text);
}

function parse<T>(schema: z.ZodType<T>, text: string): Result<T, WireError> {
  // A character is at least a byte; the transport has counted the bytes.
  if (text.length > WIRE.messageBytes) return err({ why: 'too-large', detail: `over ${WIRE.messageBytes} bytes` });
  if (depthOf(text) > WIRE.depth) return err({ why: 'too-large', detail: `nested deeper than ${WIRE.depth}` });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err({ why: 'not-a-message', detail: 'not JSON' });
  }
  const message = schema.safeParse(value);
  if (message.success) return ok(message.data);
  const [issue] = message.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return err({ why: 'not-a-message', detail: `${path === '' ? '$' : path}: not as the protocol has it` });
}

/** Numbers of characters: faster than texts of one. What closes comes two after what opens. */
const [QUOTE, BACKSLASH, BRACKET, BRACE] = [34, 92, 91, 123];

/**
 * How deep brackets outside of strings go: JSON.parse itself would go as deep as it is asked to. Strings, of which a
 * backlog consists, are passed over from quote to quote; looking at each character took six times as long.
 */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = endOfString(text, at);
    else if (char === BRACE || char === BRACKET) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (char === BRACE + 2 || char === BRACKET + 2) depth -= 1;
  }
  return deepest;
}

/** Where the string that begins at `from` ends: at the first quote with an even number of backslashes before it. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
}
