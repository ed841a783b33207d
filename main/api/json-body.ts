import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../core/result.ts';

export type BodyFault = 'too-large' | 'not-json' | 'gone';

/** Reads a request's body as JSON, whatever its content type says. Stops reading after `maxBytes`. */
export function readJson(req: IncomingMessage, maxBytes: number): Promise<Result<unknown, BodyFault>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        req.pause();
        resolve(err('too-large'));
      } else {
        chunks.push(chunk);
      }
    });
    req.once('end', () => resolve(parse(Buffer.concat(chunks))));
    req.once('error', () => resolve(err('gone')));
    req.once('close', () => resolve(err('gone')));
  });
}

function parse(bytes: Buffer): Result<unknown, BodyFault> {
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return err('not-json');
  }
}
