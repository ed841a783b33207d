/** What a terminal reports: somebody has passed, by the terminal's own decision. */
import * as z from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { IdText, InstantText, objectOf, oneOf } from './fields.ts';
import { type DocumentError, documentErrors } from './issues.ts';
import { LIMITS } from './values.ts';

const ID = 'the terminal’s own number of the passage: 1 to 64 of the characters A-Z a-z 0-9 . _ : -';
const CODE = `a member’s code of 1 to ${LIMITS.code} characters`;

const PassageForm = objectOf({
  /** Never given to another passage: the same id again is the same passage, sent again. */
  id: z.string(ID).regex(/^[A-Za-z0-9._:-]{1,64}$/, ID),
  /** When somebody passed, by the terminal's clock. */
  at: InstantText,
  /** Left out: the direction that the configuration gives the terminal. */
  direction: oneOf(['in', 'out']).optional(),
  memberId: IdText.optional(),
  code: z.string(CODE).min(1, CODE).max(LIMITS.code, CODE).optional(),
}).refine(({ memberId, code }) => (memberId === undefined) !== (code === undefined), {
  error: 'one of memberId and code, not both',
});
export type PassageReport = z.infer<typeof PassageForm>;

/** The error is the first that was found, by its path. */
export function parsePassage(json: unknown): Result<PassageReport, DocumentError> {
  const form = PassageForm.safeParse(json);
  if (form.success) return ok(form.data);
  return err(documentErrors(form.error)[0] ?? { path: '$', expected: 'a passage' });
}
