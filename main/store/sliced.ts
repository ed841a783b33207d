/** Work that may take long, a slice at a time, each a transaction of its own: scans are served between. */

/** `step` works for about `budgetMs` and returns whether it is done. */
export interface Work {
  step(budgetMs: number): boolean;
}

/**
 * What a generator yields after each small piece: `more` goes on in the same slice, `slice` ends it; after `durable` the
 * next one is durable when its step returns, and all before it.
 */
export type Piece = 'more' | 'slice' | 'durable';

export interface SliceParts {
  /** Monotonic, milliseconds with a fraction. */
  readonly mono: () => number;
  /** In one transaction, durable when it returns; throws what the body throws, with nothing written. */
  readonly transact: (body: () => void) => void;
  /** The same, but durable only with the next one that is. Left out: all slices are durable. */
  readonly transactSoon?: (body: () => void) => void;
}

/**
 * Where a slice fails, what it had done is undone, and the work can't go on: whoever had it begun begins it anew.
 * @param pieces says with its end that all is done
 */
export function sliced({ mono, transact, transactSoon = transact }: SliceParts, pieces: Generator<Piece, void>): Work {
  let isDone = false;
  let piece: Piece = 'more';
  return {
    step(budgetMs) {
      if (isDone) return true;
      const end = mono() + budgetMs;
      const inOne = piece === 'durable' ? transact : transactSoon;
      inOne(() => {
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
