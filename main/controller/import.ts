/** Takes a document in, whole or not at all: a site bundle or settings, told by its `format`. */
import * as z from 'zod';
import { type DocumentError, errorText } from '../contract/issues.ts';
import { parseSettings } from '../contract/settings.ts';
import { parseSite } from '../contract/site.ts';
import { err, ok, type Result } from '../core/result.ts';
import { isSigned, openSigned } from '../store/by-hand.ts';
import type { Store } from '../store/store.ts';

const Format = z.object({ format: z.string() });

/**
 * @param at epoch ms
 * @returns what was taken in, or what is wrong, in lines for the person who asked
 */
export function importDocument(store: Store, document: unknown, at: number): Result<string, readonly string[]> {
  const rule = store.documentRule();
  if (rule === null) return isSigned(document) ? err([UNPAIRED]) : importPlain(store, document, at, null);
  if (!isSigned(document)) return err([PAIRED]);
  const opened = openSigned(document, rule.hubKey, rule.newest);
  return opened.ok ? importPlain(store, opened.value.payload, at, opened.value.revision) : err([opened.error]);
}

const UNPAIRED = 'this document is signed by a hub: pair the unit first, or take a plain one';
const PAIRED = 'this unit is paired: it takes only documents that its hub has signed';

/** What the unit itself had before, as after a restore: nobody else has touched it. */
export function takeBackDocument(store: Store, document: unknown, at: number): Result<string, readonly string[]> {
  return importPlain(store, document, at, null);
}

/** @param revision of the hub's; null: there is none */
function importPlain(
  store: Store,
  document: unknown,
  at: number,
  revision: number | null,
): Result<string, readonly string[]> {
  const format = Format.safeParse(document);
  return format.success && format.data.format === 'genkan-settings/1'
    ? importSettings(store, document, revision)
    : importSite(store, document, at, revision);
}

function importSite(
  store: Store,
  document: unknown,
  at: number,
  revision: number | null,
): Result<string, readonly string[]> {
  const site = parseSite(document);
  if (!site.ok) return err(lines(site.error));
  const taken = store.transact((writer) => {
    if (revision !== null) writer.carriedByHand(revision);
    return writer.importSite(site.value, at);
  });
  if (!taken.ok) return err([taken.error.detail]);
  const { members, doors } = site.value;
  return ok(`imported revision ${taken.value}: ${members.length} members, ${doors.length} doors`);
}

function importSettings(store: Store, document: unknown, revision: number | null): Result<string, readonly string[]> {
  const master = store.master();
  if (master === null) return err(['settings refer to a site: import the site first']);
  const settings = parseSettings(document, master);
  if (!settings.ok) return err(lines(settings.error));
  const taken = store.transact((writer) => {
    if (revision !== null) writer.carriedByHand(revision);
    writer.importSettings(settings.value);
  });
  return taken.ok ? ok('imported settings') : err([taken.error.detail]);
}

function lines(errors: readonly DocumentError[]): string[] {
  return errors.map(errorText);
}
