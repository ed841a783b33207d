/** Takes a document in, whole or not at all: a site bundle or settings, told by its `format`. */
import * as z from 'zod';
import { type DocumentError, errorText } from '../contract/issues.ts';
import { parseSettings } from '../contract/settings.ts';
import { parseSite } from '../contract/site.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Store } from '../store/store.ts';

const Format = z.object({ format: z.string() });

/**
 * @param at epoch ms
 * @returns what was taken in, or what is wrong, in lines for the person who asked
 */
export function importDocument(store: Store, document: unknown, at: number): Result<string, readonly string[]> {
  const format = Format.safeParse(document);
  return format.success && format.data.format === 'genkan-settings/1'
    ? importSettings(store, document)
    : importSite(store, document, at);
}

function importSite(store: Store, document: unknown, at: number): Result<string, readonly string[]> {
  const site = parseSite(document);
  if (!site.ok) return err(lines(site.error));
  const taken = store.transact((writer) => writer.importSite(site.value, at));
  if (!taken.ok) return err([taken.error.detail]);
  const { members, doors } = site.value;
  return ok(`imported revision ${taken.value}: ${members.length} members, ${doors.length} doors`);
}

function importSettings(store: Store, document: unknown): Result<string, readonly string[]> {
  const master = store.master();
  if (master === null) return err(['settings refer to a site: import the site first']);
  const settings = parseSettings(document, master);
  if (!settings.ok) return err(lines(settings.error));
  const taken = store.transact((writer) => writer.importSettings(settings.value));
  return taken.ok ? ok('imported settings') : err([taken.error.detail]);
}

function lines(errors: readonly DocumentError[]): string[] {
  return errors.map(errorText);
}
