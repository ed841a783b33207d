/** Work that may take long, a slice at a time, each a transaction of its own: scans are served between. */

/** `step` works for about `budgetMs` and returns whether it is done. */
export interface Work {
  step(budgetMs: number): boolean;
}

/** What a generator yields after each small piece: `more` goes on in the same slice, `slice` ends it. */
export type Piece = 'more' | 'slice';

export interface SliceParts {
  /** Monotonic, milliseconds with a fraction. */
  readonly mono: () => number;
  /** In one transaction, durable when it returns; throws what the body throws, with nothing written. */
  readonly transact: (body: () => void) => void;
}

/**
 * Where a slice fails, what it had done is undone, and the work can't go on: whoever had it begun begins it anew.
 * @param pieces says with its end that all is done
 */
export function sliced({ mono, transact }: SliceParts, pieces: Generator<Piece, void>): Work {
  let isDone = false;
  return {
    step(budgetMs) {
      if (isDone) return true;
      const end = mono() + budgetMs;
      transact(() => {
        let piece: Piece = 'more';
        do {
          const next = pieces.next();
          isDone = next.done === true;
          piece = next.done === true ? 'slice' : next.value;
        } while (piece === 'more' && mono() < end);
      });
      return isDone;
    },
  };
}
