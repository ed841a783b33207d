/** Somebody at a terminal, and sealed files that cost next to nothing to open. */
import { argon2Sync, createCipheriv, randomBytes } from 'node:crypto';
import type { Asked } from './asking.ts';
import type { Sealed } from './sealed.ts';

/** The format in as few words as it takes, beside the program's own. */
export function sealedCheaply(document: { readonly format: string }, passphrase: string): Sealed {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const kdf = { name: 'argon2id', memory: 64, passes: 1, salt: salt.toString('base64') } as const;
  const header = {
    format: 'genkan-sealed/1',
    holds: document.format,
    kdf,
    nonce: nonce.toString('base64'),
  } as const;
  const cost = { memory: 64, passes: 1, parallelism: 1, tagLength: 32 };
  const key = argon2Sync('argon2id', { ...cost, message: passphrase, nonce: salt });
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const order = [header.format, header.holds, kdf.name, kdf.memory, kdf.passes, kdf.salt, header.nonce];
  cipher.setAAD(Buffer.from(JSON.stringify(order)));
  const text = [cipher.update(JSON.stringify(document)), cipher.final(), cipher.getAuthTag()];
  return { ...header, data: Buffer.concat(text).toString('base64') };
}

/** Types what a test says; or nobody sits there, and standard input is piped. */
export class SimAsked implements Asked {
  readonly isTerminal: boolean;
  /** All that they have seen. */
  seen = '';
  readonly #typed: (string | null)[];
  readonly #piped: string;

  /** @param typed line by line; null: Ctrl-C. null as a whole: nobody sits there */
  constructor(typed: readonly (string | null)[] | null, piped = '') {
    this.isTerminal = typed !== null;
    this.#typed = [...(typed ?? [])];
    this.#piped = piped;
  }

  secret(question: string): Promise<string | null> {
    this.say(question);
    const [line] = this.#typed.splice(0, 1);
    if (line === undefined) throw new Error(`nobody is there to answer ${question}`);
    return Promise.resolve(line);
  }

  say(text: string): void {
    this.seen += text;
  }

  input(): Promise<string> {
    return Promise.resolve(this.#piped);
  }
}
