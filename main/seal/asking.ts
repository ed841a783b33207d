/** Where a command has a passphrase from: a file, standard input, or whoever sits at the terminal. Never from its words. */
import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../core/result.ts';
import { MOST_CHARACTERS, makeCode, weakness } from './passphrase.ts';
import { isSealed, openSealed, parseSealed } from './sealed.ts';

/** Who may be asked. */
export interface Asked {
  /** Whether somebody sits there. */
  readonly isTerminal: boolean;
  /** A line that isn't shown while it is typed; null: they went away. */
  secret(question: string): Promise<string | null>;
  /** To them, and not among the command's answers. */
  say(text: string): void;
  /** All of standard input. */
  input(): Promise<string>;
}

/** How commands name it. `-`: standard input. */
export const PASSPHRASE_OPTION = [
  '--passphrase-file <file>',
  'the first line of this file is the passphrase (-: standard input); else it is asked for',
] as const;

const NOBODY = 'this needs a passphrase: name its file with --passphrase-file (-: standard input), or use a terminal';
const TRIES = 3;

/** A new one, asked for twice; who types none gets one made, shown once. */
export async function newPassphrase(asked: Asked, file: string | null): Promise<Result<string, string>> {
  const given = await givenBy(asked, file);
  if (!given.ok) return given;
  if (given.value !== null) return checked(given.value);
  const typed = await asked.secret('Passphrase for the file (none: one is made): ');
  if (typed === null) return err(NOBODY);
  if (typed === '') {
    const code = makeCode();
    asked.say(`The passphrase of this file, shown this once: ${code}\n`);
    return ok(code);
  }
  const first = checked(typed);
  if (!first.ok) return first;
  return (await asked.secret('Once more: ')) === typed ? first : err('the two passphrases differ: try again');
}

function checked(passphrase: string): Result<string, string> {
  const weak = weakness(passphrase);
  return weak === null ? ok(passphrase) : err(weak);
}

/** Opens what is sealed, and hands on what isn't. At a terminal three passphrases are taken. */
export async function opened(asked: Asked, document: unknown, file: string | null): Promise<Result<unknown, string>> {
  if (!isSealed(document)) return ok(document);
  const sealed = parseSealed(document);
  if (!sealed.ok) return err(sealed.error.line);
  const given = await givenBy(asked, file);
  if (!given.ok) return given;
  for (let tries = 1; ; tries += 1) {
    const passphrase = given.value ?? (await asked.secret('Passphrase of the file: '));
    if (passphrase === null) return err(NOBODY);
    const inside = await openSealed(sealed.value, passphrase);
    if (inside.ok) return inside;
    if (given.value !== null || inside.error.why === 'form' || tries === TRIES) return err(inside.error.line);
    asked.say('That isn’t it.\n');
  }
}

/** null: somebody is to be asked. */
async function givenBy(asked: Asked, file: string | null): Promise<Result<string | null, string>> {
  if (file === null) return asked.isTerminal ? ok(null) : err(NOBODY);
  const text = file === '-' ? ok(await asked.input()) : textOf(file);
  if (!text.ok) return text;
  const [line = ''] = text.value.replace(/^\uFEFF/, '').split(/\r?\n/);
  const isOne = line.trim() !== '' && line.length <= 2 * MOST_CHARACTERS;
  return isOne ? ok(line) : err(`--passphrase-file: a first line of at most ${MOST_CHARACTERS} characters`);
}

function textOf(file: string): Result<string, string> {
  try {
    return ok(readFileSync(file, 'utf8'));
  } catch {
    return err('--passphrase-file: a file that can be read');
  }
}
