/** Values that several boundaries share, with their bounds. */
import * as z from 'zod';

export const LIMITS = {
  /** Characters of an id, a name, a code. */
  id: 1_000,
  name: 200,
  code: 512,
} as const;

export const Id = z.string().min(1).max(1_000);

/** Epoch milliseconds. */
export const Instant = z.int();

/** What a reader, camera or scan action may hand in: at most 512 characters. */
export const ReaderText = z.string().max(LIMITS.code);

/** Why somebody is let in, or out, or a ticket is redeemed. */
export const GRANTS = [
  'plan',
  'reservation',
  'ticket',
  'schedule',
  'record-only',
  'exit',
  'override',
  'redeemed',
] as const;

/** Why somebody isn't. */
export const REFUSALS = [
  'unknown-credential',
  'suspended',
  'no-contract',
  'no-band',
  'no-ticket',
  'wrong-store',
  'door-not-allowed',
  'clock-doubtful',
  'wrong-weekday',
  'holiday',
  'outside-hours',
  'limit-reached',
  'passback',
] as const;
export const Reason = z.enum([...GRANTS, ...REFUSALS]);

/** Why staff let somebody in. A text of one's own could name somebody, and the record holds no names. */
export const OVERRIDE_REASONS = ['no-code', 'guest', 'device', 'goodwill', 'other'] as const;

export const Warning = z.enum(['unknown-credential', 'suspended', 'no-entry', 'overstay', 'passback']);
