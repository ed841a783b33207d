/**
 * The outcome of something that may fail in an expected way. A refusal by the rules is not a fault: it is a value of
 * its own. Plain objects, so that a result crosses a socket or a pipe as it is.
 */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}
