/** Which terminal a token belongs to. The digests are compared in constant time, each of them every time. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { TerminalConfig } from '../../contract/lan.ts';
import { SourceList } from './sources.ts';

/** A shorter one could be guessed. */
export const SHORTEST_TOKEN = 32;
const LONGEST_TOKEN = 256;
const BEARER = new RegExp(`^Bearer +([\\x21-\\x7e]{${SHORTEST_TOKEN},${LONGEST_TOKEN}})$`, 'i');

interface Known {
  readonly terminal: TerminalConfig;
  readonly digest: Buffer;
  readonly sources: SourceList;
}

export class Terminals {
  readonly #known: readonly Known[];

  constructor(terminals: readonly TerminalConfig[]) {
    this.#known = terminals.map((terminal) => ({
      terminal,
      digest: Buffer.from(terminal.tokenDigest, 'hex'),
      sources: new SourceList(terminal.from),
    }));
  }

  /** Some terminal may report from this address. */
  mayConnect(address: string): boolean {
    return this.#known.some(({ sources }) => sources.has(address));
  }

  /** @param authorization the header; null: not a terminal's token, or not from its address */
  find(authorization: string | undefined, address: string): TerminalConfig | null {
    const token = BEARER.exec(authorization ?? '')?.[1] ?? '';
    const digest = createHash('sha256').update(token).digest();
    let found: Known | null = null;
    for (const known of this.#known) if (timingSafeEqual(digest, known.digest)) found = known;
    return token !== '' && found?.sources.has(address) === true ? found.terminal : null;
  }
}
