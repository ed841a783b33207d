/** What documents are made of, each with the words that say what was expected. */
import * as z from 'zod';
import { parseDay, WEEKDAYS } from '../core/time/day.ts';
import { parseInstant, parseTimeOfDay } from '../core/time/instant.ts';
import { LIMITS } from './values.ts';

/** An id, or another text that is compared: not empty, no white space at its ends. */
export const idOf = (what: string, most: number = LIMITS.id) => {
  const expected = `${what}: a text that is not empty and has no white space at its ends`;
  return z
    .string(expected)
    .max(most, `${what} of at most ${most} characters`)
    .refine((text) => text !== '' && text === text.trim() && text.isWellFormed(), expected);
};
export const IdText = idOf('an id');

export const textOf = (most = 1_000) => z.string('a text').max(most, `a text of at most ${most} characters`);

export const intOf = (least: number, most: number) => {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int(expected).min(least, expected).max(most, expected);
};

export const Flag = z.boolean('true or false');

/** One of a few words, named in the error. */
export const oneOf = <const T extends readonly string[]>(words: T) => z.enum(words, orList(words));

function orList(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

export const DateText = z
  .string('a date YYYY-MM-DD')
  .refine((value) => parseDay(value) !== null, 'a date YYYY-MM-DD that exists');

const INSTANT = 'a time such as 2026-11-02T12:00:00+09:00, from 1970-01-02 to 9999-12-30';
export const InstantText = z.string(INSTANT).refine((value) => parseInstant(value) !== null, INSTANT);

const TIME_OF_DAY = 'a time of day from 00:00 to 23:59';
export const TimeOfDay = z.string(TIME_OF_DAY).refine((value) => parseTimeOfDay(value) !== null, TIME_OF_DAY);

const END_OF_BAND = 'a time of day from 00:00 to 24:00';
export const EndOfBand = z.string(END_OF_BAND).refine((value) => parseTimeOfDay(value, true) !== null, END_OF_BAND);

export const Weekdays = z.array(oneOf(WEEKDAYS), 'a list of weekdays, or null').nullable();

/** A list that can't be null may be left out and is then empty. */
export const listOf = <T extends z.ZodType>(item: T) => z.array(item, 'a list').default([]);

export const idsOrNull = (what: string) => z.array(idOf(what), 'a list of ids, or null').nullable();

/** An object with just these keys. */
export const objectOf = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? undefined : 'an object') });

/** The words of a union of objects that are told apart by one key, for `z.discriminatedUnion`. */
export const kinds = (...words: readonly string[]) => ({
  error: ({ code }: { readonly code?: string | undefined }) => (code === 'invalid_union' ? orList(words) : 'an object'),
});
