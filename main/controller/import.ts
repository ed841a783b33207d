/** Takes a document in, whole or not at all: a site bundle or settings, told by its `format`. */
import * as z from 'zod';
import { errorText } from '../contract/issues.ts';
import { parseSettings } from '../contract/settings.ts';
import { parseSite } from '../contract/site.ts';
import { err, ok, type Result } from '../core/result.ts';
import { acknowledgedOf, isSigned, openSigned } from '../store/by-hand.ts';
import type { StoreFault } from '../store/faults.ts';
import { ReplicaFault } from '../store/replica.ts';
import type { Store } from '../store/store.ts';

const Format = z.object({ format: z.string() });

function formatOf(document: unknown): string | null {
  const parsed = Format.safeParse(document);
  return parsed.success ? parsed.data.format : null;
}

/**
 * @param at epoch ms
 * @returns what was taken in, or what is wrong, in lines for the person who asked
 */
export function importDocument(store: Store, document: unknown, at: number): Result<string, readonly string[]> {
  const taken = takeDocument(store, document, at);
  return taken.ok ? taken : err(taken.error.lines);
}

/** As `importDocument`, with what is wrong with the store apart. */
export function takeDocument(store: Store, document: unknown, at: number): Result<string, NotTaken> {
  const rule = store.documentRule();
  if (rule === null) return isSigned(document) ? wrong([UNPAIRED]) : importPlain(store, document, at, null);
  if (!isSigned(document)) return wrong([PAIRED]);
  const opened = openSigned(document, rule.hubKey, rule.tenant);
  if (!opened.ok) return wrong([opened.error]);
  const { payload, revision } = opened.value;
  if (formatOf(payload) === 'genkan-acknowledged/1') return takeAcknowledged(store, payload);
  if (revision < rule.newest)
    return wrong([`revision: ${rule.newest} or later, which this unit has already: export it anew`]);
  return importPlain(store, payload, at, revision);
}

/** Of any revision: what the hub has once, it has. */
function takeAcknowledged(store: Store, payload: unknown): Result<string, NotTaken> {
  // Nothing here is done in slices.
  const replica = store.replica(() => 0);
  const own = acknowledgedOf(payload, replica.unit().unit);
  if (!own.ok) return wrong([own.error]);
  const { epoch } = replica.unit();
  const head = replica.head()?.seq ?? 0;
  if (own.value.some((one) => one.epoch > epoch || (one.epoch === epoch && one.seq > head)))
    return wrong([
      'payload: the hub has more of this unit than it recorded: its data is an older copy, connect it once',
    ]);
  try {
    replica.acknowledgeByHand(own.value);
  } catch (error) {
    if (error instanceof ReplicaFault) return failed(error.fault);
    throw error;
  }
  return ok(`the hub has this unit’s events: ${store.outbox()} are still to be brought there`);
}

const UNPAIRED = 'this document is signed by a hub: pair the unit first, or take a plain one';
const PAIRED = 'this unit is paired: it takes only documents that its hub has signed';

/** Why a document was not taken in: what is wrong with it or, `fault`, with the store. */
export interface NotTaken {
  readonly lines: readonly string[];
  readonly fault: StoreFault | null;
}

/** What the unit itself had before, as after a restore: nobody else has touched it. */
export function takeBackDocument(store: Store, document: unknown, at: number): Result<string, NotTaken> {
  return importPlain(store, document, at, null);
}

/** @param revision of the hub's; null: there is none */
function importPlain(store: Store, document: unknown, at: number, revision: number | null): Result<string, NotTaken> {
  return formatOf(document) === 'genkan-settings/1'
    ? importSettings(store, document, revision)
    : importSite(store, document, at, revision);
}

function importSite(store: Store, document: unknown, at: number, revision: number | null): Result<string, NotTaken> {
  const site = parseSite(document);
  if (!site.ok) return wrong(site.error.map(errorText));
  const taken = store.transact((writer) => {
    if (revision !== null) writer.carriedByHand(revision);
    return writer.importSite(site.value, at);
  });
  if (!taken.ok) return failed(taken.error);
  const { members, doors } = site.value;
  return ok(`imported revision ${taken.value}: ${members.length} members, ${doors.length} doors`);
}

function importSettings(store: Store, document: unknown, revision: number | null): Result<string, NotTaken> {
  const master = store.master();
  if (master === null) return wrong(['settings refer to a site: import the site first']);
  const settings = parseSettings(document, master);
  if (!settings.ok) return wrong(settings.error.map(errorText));
  const taken = store.transact((writer) => {
    if (revision !== null) writer.carriedByHand(revision);
    writer.importSettings(settings.value);
  });
  return taken.ok ? ok('imported settings') : failed(taken.error);
}

function wrong(lines: readonly string[]): Result<never, NotTaken> {
  return err({ lines, fault: null });
}

function failed(fault: StoreFault): Result<never, NotTaken> {
  return err({ lines: [fault.detail], fault });
}
