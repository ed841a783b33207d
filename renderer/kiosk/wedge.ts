/**
 * A reader that types ("keyboard wedge") told from a person by its speed: a reader's keys come a few milliseconds apart
 * and end with Enter, wherever the focus is. Pure.
 */

/** Fast typists stay above; readers over Bluetooth below. */
const KEY_GAP_MS = 50;
/** Some readers wait before their Enter. */
const ENTER_GAP_MS = 150;
/** Shorter than any code; two keys may fall together by chance. */
const LEAST_LENGTH = 3;
const MOST_LENGTH = 512;

export interface WedgeState {
  readonly typed: string;
  readonly lastAtMs: number;
  /** What came is longer than any code: it is dropped up to the next Enter. */
  readonly tooLong: boolean;
}

export interface WedgeStep {
  readonly state: WedgeState;
  /** A whole code; null: none yet. */
  readonly code: string | null;
  /** The key is a reader's: nothing else on the page may see it. */
  readonly swallow: boolean;
}

export const NO_KEYS: WedgeState = { typed: '', lastAtMs: Number.NEGATIVE_INFINITY, tooLong: false };

/**
 * @param key as `KeyboardEvent.key` has it
 * @param atMs when the key was pressed; only differences count
 */
export function wedgeKey(state: WedgeState, key: string, atMs: number): WedgeStep {
  if (key === 'Enter') return enter(state, atMs);
  // Shift before a capital letter, and the like.
  if ([...key].length !== 1) return { state, code: null, swallow: false };
  const flows = atMs - state.lastAtMs <= KEY_GAP_MS;
  const typed = flows ? state.typed + key : key;
  const tooLong = (flows && state.tooLong) || typed.length > MOST_LENGTH;
  return {
    state: { typed: tooLong ? '' : typed, lastAtMs: atMs, tooLong },
    code: null,
    swallow: flows,
  };
}

function enter(state: WedgeState, atMs: number): WedgeStep {
  const flows = atMs - state.lastAtMs <= ENTER_GAP_MS;
  const whole = flows && !state.tooLong && state.typed.length >= LEAST_LENGTH;
  return { state: NO_KEYS, code: whole ? state.typed : null, swallow: whole || (flows && state.tooLong) };
}
