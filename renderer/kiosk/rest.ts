/**
 * While the door is closed for its hours the page goes black after a while, against burn-in and for the dark: only a
 * clock, which drifts. Any sign of somebody ends it at once, and so does an alarm that nobody looks after, for as long as
 * it stands. Pure but for what it remembers.
 */
import type { View } from './screen.ts';

export const BLACK_AFTER_MS = 600_000;

export class Rest {
  #signMono = 0;
  #isClosed = false;

  /** Somebody touches, types, holds up a code or moves before the camera. */
  sign(nowMono: number): void {
    this.#signMono = nowMono;
  }

  /** What stands on the screen now. @param isCalled an alarm stands that nobody has taken */
  look(view: View, isCalled: boolean, nowMono: number): void {
    const isClosed = view.screen === 'fault' && view.reason === 'closed' && !isCalled;
    if (isClosed !== this.#isClosed) this.#signMono = nowMono;
    this.#isClosed = isClosed;
  }

  isBlack(nowMono: number): boolean {
    return this.#isClosed && nowMono - this.#signMono >= BLACK_AFTER_MS;
  }

  /** When it goes black; null: it is already, or won't. */
  dueAt(nowMono: number): number | null {
    return this.#isClosed && !this.isBlack(nowMono) ? this.#signMono + BLACK_AFTER_MS : null;
  }
}
