/** What `genkan decide` reads (entitlements 8): cases of a site bundle and actions upon it. */
import * as z from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { Flag, InstantText, intOf, kinds, objectOf, oneOf } from './fields.ts';
import { type DocumentError, documentErrors } from './issues.ts';
import { LIMITS } from './values.ts';

/** Only that it is such a document; each case is judged by itself. */
const CaseFile = z.object({
  cases: z.array(z.object({ name: z.string(), site: z.unknown().optional(), actions: z.unknown().optional() })),
});
export type Case = z.infer<typeof CaseFile>['cases'][number];

const scan = objectOf({
  do: z.literal('scan'),
  at: InstantText,
  door: z.string('the id of a door'),
  direction: oneOf(['in', 'out']),
  code: z.string('a code').max(LIMITS.code, `a code of at most ${LIMITS.code} characters`),
  ticketId: z.string('the id of a ticket').optional(),
});
const override = objectOf({
  do: z.literal('override'),
  door: z.string('the id of a door'),
  memberId: z.string('the id of a member, or null').nullable(),
  consume: Flag,
  at: InstantText,
});
const redeem = objectOf({
  do: z.literal('redeem'),
  ticketId: z.string('the id of a ticket'),
  uses: intOf(1, 1_000_000),
  at: InstantText,
});

const Action = z.discriminatedUnion('do', [scan, override, redeem], kinds('scan', 'override', 'redeem'));
export type Action = z.infer<typeof Action>;
const Actions = z.object({ actions: z.array(Action, 'a list').default([]) });

export function parseCaseFile(json: unknown): Result<readonly Case[], string> {
  const parsed = CaseFile.safeParse(json);
  return parsed.success ? ok(parsed.data.cases) : err('not a document with a list "cases" of objects with a "name"');
}

/** @param known the doors and members that the case's site has */
export function parseActions(
  actions: unknown,
  known: { readonly doors: ReadonlySet<string>; readonly members: ReadonlySet<string> },
): Result<readonly Action[], readonly DocumentError[]> {
  const parsed = Actions.safeParse({ actions });
  if (!parsed.success) return err(documentErrors(parsed.error));
  const errors = parsed.data.actions.flatMap((action, index) => missingIn(action, `actions[${index}]`, known));
  return errors.length > 0 ? err(errors) : ok(parsed.data.actions);
}

function missingIn(action: Action, path: string, known: Parameters<typeof parseActions>[1]): DocumentError[] {
  const errors: DocumentError[] = [];
  if (action.do !== 'redeem' && !known.doors.has(action.door)) {
    errors.push({ path: `${path}.door`, expected: 'the id of a door of the site' });
  }
  if (action.do === 'override' && action.memberId !== null && !known.members.has(action.memberId)) {
    errors.push({ path: `${path}.memberId`, expected: 'the id of a member of the site, or null' });
  }
  return errors;
}
