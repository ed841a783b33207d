/** Forms of members of before: kept, sealed, until the hub takes them, finds the membership and sends the mail. */
import { CARRY_FIELDS, type CarryForm, type CarryOverInput } from '../contract/member-ways.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { WaysParts } from './provisional.ts';

/** Who fills the disk with forms gets no further. */
const MOST_WAITING = 500;

/**
 * @returns false where the site doesn't want it, the form isn't what the settings ask for, too many wait, or the record
 * can't be written
 */
export function takeCarryOver({ clock, journal, site }: WaysParts, { door, language, form }: CarryOverInput): boolean {
  const settings = site.get()?.settings?.carryOver ?? null;
  if (settings === null || !asksFor(settings.fields, form)) return false;
  const at = clock.wall();
  const kept = journal.act((writer, note): Result<string, 'too-many'> => {
    if (writer.held.waitingCount() >= MOST_WAITING) return err('too-many');
    const seq = note({ type: 'system', at, doorId: door, detail: { what: 'carry-over' } });
    const body = { language, door, form: trimmed(form) };
    return ok(writer.held.keep('carry-over', body, { seq, at, memberId: null }));
  });
  return kept.ok;
}

/** Just the fields that are asked: mail and code always. */
function asksFor(chosen: readonly string[], form: CarryForm): boolean {
  const asked = new Set(['mail', 'code', ...chosen]);
  return CARRY_FIELDS.every((field) => (form[field] !== undefined) === asked.has(field));
}

function trimmed(form: CarryForm): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(form).map(([field, text]) => [field, text?.trim() ?? '']));
}
