/** What the loopback server needs of the controller. The composition root provides it. */
import type { PageMessage, ScanInput, StatusMessage } from '../contract/page.ts';

export interface PageSource {
  status(): StatusMessage;
  /** Calls `listener` at every message from now on, until the returned function is called. */
  subscribe(listener: (message: PageMessage) => void): () => void;
  /** Hands in a code from a camera or wedge reader. False where there is no such page reader. */
  scan(input: ScanInput): boolean;
}

/** `GET /healthz`: status 503 while starting, else 200. */
export interface HealthSource {
  health(): { readonly status: number; readonly body: object };
}

/** A further route of the server: the demo's controls, which the packaged program doesn't have. */
export interface ExtraRoute {
  readonly method: 'POST';
  readonly path: string;
  /** `body` is at most 4 kB of parsed JSON. Returns the status and the JSON to answer with. */
  handle(body: unknown): { readonly status: number; readonly body: object };
}
