/** Which hub, and the token for it: a file that only its owner can read. No token is ever an argument. */
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { err, ok, type Result } from '../../../main/core/result.ts';
import { makeFolder } from '../folder.ts';

const Profile = z.strictObject({
  url: z.string().regex(/^https?:\/\/[^\s]+\/$/),
  token: z.string().regex(/^gk_[A-Za-z0-9_-]{43}$/),
  /** Of the token; null: the hub's operator, who names one with `--tenant`. */
  tenant: z.string().nullable(),
});
export type Profile = z.infer<typeof Profile>;

export type Environment = Readonly<Record<string, string | undefined>>;

export function profileFile(env: Environment): string {
  const config = env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? '.', '.config');
  return env['HUBCTL_PROFILE'] ?? join(config, 'genkan', 'hubctl.json');
}

export function readProfile(file: string): Result<Profile, string> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return err(`${file}: no token here: run hubctl claim URL CODE NAME, or hubctl login URL`);
  }
  const profile = Profile.safeParse(json);
  return profile.success ? ok(profile.data) : err(`${file}: not a profile of hubctl: run hubctl login URL`);
}

/** A token that could not be kept would be lost. @throws Error where it can't be written */
export function tryProfile(file: string): void {
  makeFolder(dirname(file));
  const draft = `${file}.draft`;
  writeFileSync(draft, '', { mode: 0o600 });
  rmSync(draft);
}

/** @throws Error where it can't be written */
export function writeProfile(file: string, profile: Profile): void {
  makeFolder(dirname(file));
  const draft = `${file}.draft`;
  writeFileSync(draft, `${JSON.stringify(profile)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

/** @returns with `/` at the end, as the profile has it; null: no address */
export function baseUrl(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') return null;
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}
