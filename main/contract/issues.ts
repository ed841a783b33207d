/** What is wrong with a document, said by path. */
import type * as z from 'zod';

export interface DocumentError {
  /** Relative to the document: `plans[2].entry.bands[0].bandId`, or `$` for the whole. */
  readonly path: string;
  readonly expected: string;
}

export type Path = readonly PropertyKey[];

export function pathText(path: Path): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? '$' : text.replace(/^\./, '');
}

export function errorText({ path, expected }: DocumentError): string {
  return `${path}: ${expected}`;
}

/** A document may be wrong in a hundred thousand places; nobody reads more than these. */
export const MAX_ERRORS = 100;

/** zod's findings as paths and expectations, in the order of the document, at most `MAX_ERRORS`. */
export function documentErrors(error: z.ZodError): DocumentError[] {
  return error.issues.slice(0, MAX_ERRORS).flatMap((issue) => issueErrors(issue, []));
}

type Issue = z.core.$ZodIssue;

function issueErrors(issue: Issue, base: Path): DocumentError[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathText([...path, key]), expected: 'no such key here' }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The alternative that got furthest into the value is the one that was meant.
    const depth = (issues: readonly Issue[]) => Math.max(...issues.map((inner) => inner.path.length));
    const meant = issue.errors.reduce((a, b) => (depth(b) > depth(a) ? b : a));
    if (depth(meant) > 0) return meant.flatMap((inner) => issueErrors(inner, path));
  }
  return [{ path: pathText(path), expected: issue.message }];
}
