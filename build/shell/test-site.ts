/** A controller's page for tests: a server on loopback that serves one script, notes what is asked of it, and can go away. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** What the page told with `tell(…)`. */
  readonly body: unknown;
}

export interface SiteOptions {
  /** The page's script; it may call `tell(value)`, which posts JSON to `/told`. */
  readonly script?: string;
  /** Answers before the usual pages do; true: done. */
  readonly answer?: (path: string, res: ServerResponse) => boolean;
}

const CSP = "default-src 'self'; script-src 'self'; connect-src *; frame-src *; object-src 'none'; base-uri 'none'";
const HTML = '<!doctype html><meta charset="utf-8"><title>Page</title><body>Page<script src="/app.js"></script></body>';
const TELL = 'const tell = (value) => fetch("/told", { method: "POST", body: JSON.stringify(value) });\n';

export class TestSite {
  readonly asked: Asked[] = [];
  readonly #options: SiteOptions;
  readonly #waiting = new Set<{ path: string; resolve: (asked: Asked) => void }>();
  #server: Server | null = null;
  #port = 0;

  constructor(options: SiteOptions = {}) {
    this.#options = options;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** On a free port the first time, on the same one again after `stop`. */
  async start(): Promise<this> {
    const server = createServer((req, res) => this.#onRequest(req, res));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    const address = server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
    this.#server = server;
    return this;
  }

  /** As a controller that is gone: open connections end. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === null ? resolve() : server.close(() => resolve())));
  }

  /** The next request of `path`, counted from the call. */
  next(path: string): Promise<Asked> {
    return new Promise((resolve) => this.#waiting.add({ path, resolve }));
  }

  #onRequest(req: IncomingMessage, res: ServerResponse): void {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      this.#note({ path: req.url ?? '', headers: req.headers, body: text === '' ? null : JSON.parse(text) });
      if (this.#options.answer?.(req.url ?? '', res) !== true) this.#answer(req.url ?? '', res);
    });
  }

  #note(asked: Asked): void {
    this.asked.push(asked);
    for (const waiter of this.#waiting) {
      if (waiter.path !== asked.path) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(asked);
    }
  }

  #answer(path: string, res: ServerResponse): void {
    if (path === '/app.js') {
      res.setHeader('Content-Type', 'text/javascript');
      res.end(TELL + (this.#options.script ?? 'tell("loaded");'));
    } else if (path === '/told') {
      res.end('{}');
    } else {
      res.setHeader('Content-Type', 'text/html');
      res.setHeader('Content-Security-Policy', CSP);
      res.end(HTML);
    }
  }
}
