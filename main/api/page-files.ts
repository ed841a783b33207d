/** The built page, from disk. */
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { sendRefusal } from './headers.ts';

/** Answers with the file; calls `absent` where there is none. */
export type PageFiles = (req: IncomingMessage, res: ServerResponse, absent: () => void) => void;

/** Vite puts a hash of the content into the names in this folder. */
const HASHED = /^\/assets\/.+-[\w-]{8}\.\w+$/;

function cacheControl(pathname: string): string {
  if (HASHED.test(pathname)) return 'public, max-age=31536000, immutable';
  return /(\/|\.html|\/[^./]*)$/.test(pathname) ? 'no-store' : 'no-cache';
}

/** @param pageDir the built page; may come into being later @param onMissing called when the page is asked for in vain */
export function pageFiles(pageDir: string, onMissing: () => void): PageFiles {
  let serve: ReturnType<typeof sirv> | null = null;
  const open = () =>
    sirv(pageDir, {
      etag: true,
      extensions: ['html'],
      setHeaders: (res, pathname) => res.setHeader('Cache-Control', cacheControl(pathname)),
    });
  return (req, res, absent) => {
    if (serve === null && existsSync(join(pageDir, 'index.html'))) serve = open();
    if (serve === null) {
      onMissing();
      return sendRefusal(res, 503, 'the page is not built: run npm start once');
    }
    // sirv opens streams for ranges that don't exist, which throws after the head has been sent. No page needs ranges.
    delete req.headers.range;
    // It also leaves its streams alone: a file that is gone would end the process, a client that leaves keeps it open.
    res.once('pipe', (source) => {
      source.once('error', () => res.destroy());
      res.once('close', () => source.destroy());
    });
    serve(req, res, absent);
  };
}
