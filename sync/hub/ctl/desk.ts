/** What every command of hubctl has: the hub, the tenant, and where answers go. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Asked, newPassphrase, opened } from '../../../main/seal/asking.ts';
import { seal } from '../../../main/seal/sealed.ts';
import { Complaint, type HubClient, hubClient, Misuse } from './client.ts';
import { type Environment, type Profile, profileFile, readProfile } from './profile.ts';

export interface CtlConsole {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export interface CtlOptions {
  readonly env: Environment;
  readonly console: CtlConsole;
  /** Who is asked for what may stand in no command line. */
  readonly asked: Asked;
}

export interface SealFlags {
  readonly seal?: true;
  readonly passphraseFile?: string;
}

export class Desk {
  readonly #options: CtlOptions;
  readonly #program: Command;

  constructor(options: CtlOptions, program: Command) {
    this.#options = options;
    this.#program = program;
  }

  get profileFile(): string {
    return profileFile(this.#options.env);
  }

  profile(): Profile {
    const profile = readProfile(this.profileFile);
    if (!profile.ok) throw new Complaint(profile.error);
    return profile.value;
  }

  hub(): HubClient {
    const { url, token } = this.profile();
    return hubClient(url, token);
  }

  /** @throws Complaint where nobody has said which */
  tenant(): string {
    const { tenant } = this.#program.opts<{ tenant?: string }>();
    const found = tenant ?? this.profile().tenant;
    if (found === null) throw new Misuse('--tenant ID: say which tenant, this token is for all of them');
    return found;
  }

  /** Lists as a line of JSON an item, else one JSON document. */
  say(answer: unknown): void {
    const lines = Array.isArray(answer)
      ? answer.map((item) => JSON.stringify(item))
      : [JSON.stringify(answer, null, 2)];
    this.#options.console.out(lines.map((line) => `${line}\n`).join(''));
  }

  line(text: string): void {
    this.#options.console.out(`${text}\n`);
  }

  input(): Promise<string> {
    return this.#options.asked.input();
  }

  readJson(file: string): unknown {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      throw new Complaint(`${file}: can’t be read (${codeOf(error)}): name a file of JSON`);
    }
    try {
      return JSON.parse(text.replace(/^\uFEFF/, ''));
    } catch {
      throw new Complaint(`${file}: not JSON: was it cut off on its way?`);
    }
  }

  /** As `readJson`; what is sealed is opened. */
  async readDocument(file: string, { passphraseFile }: SealFlags): Promise<unknown> {
    const document = await opened(this.#options.asked, this.readJson(file), passphraseFile ?? null);
    if (!document.ok) throw new Complaint(`${file}: ${document.error}`);
    return document.value;
  }

  /** As `write`; sealed where that was asked for. */
  async writeDocument(
    file: string | undefined,
    document: { readonly format: string },
    flags: SealFlags,
  ): Promise<void> {
    const { seal: isSealed, passphraseFile } = flags;
    if (isSealed !== true && passphraseFile === undefined) {
      this.write(file, document);
      return;
    }
    const passphrase = await newPassphrase(this.#options.asked, passphraseFile ?? null);
    if (!passphrase.ok) throw new Complaint(passphrase.error);
    this.write(file, await seal(document, passphrase.value));
  }

  /** To a file that only its owner can read, or to standard output. */
  write(file: string | undefined, document: unknown): void {
    if (file === undefined) {
      this.say(document);
      return;
    }
    try {
      writeFileSync(file, `${JSON.stringify(document)}\n`, { mode: 0o600 });
    } catch (error) {
      throw new Complaint(`${file}: can’t be written (${codeOf(error)}): name another file`);
    }
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** @throws Misuse unless it is a whole number from 1 to `most` */
export function count(text: string, what: string, most: number): number {
  const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw new Misuse(`${what}: expected a whole number from 1 to ${most}`);
  return number;
}

/** Items that one call answers. */
export const MOST_ITEMS = 1_000;
