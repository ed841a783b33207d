/**
 * Opens sealed files for technicians. Wrong passphrases are slowed as a person's PIN is: in memory alone, since whoever has
 * the file may try it elsewhere, and who tries it here has signed in.
 */
import type { SetupRefusal } from '../../api/setup-port.ts';
import type { Clock } from '../../core/clock.ts';
import { failed, NO_TRIALS, PERSON_BRAKE, type Trials, waitMs } from '../../core/pin-brake.ts';
import { ok, type Result } from '../../core/result.ts';
import { isSealed, openSealed, parseSealed } from '../../seal/sealed.ts';
import { refused } from './refusal.ts';

export class SealDesk {
  readonly #clock: Clock;
  /** On the monotonic clock. */
  #trials: Trials = NO_TRIALS;
  #isBusy = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Opens those that are sealed, all by one passphrase, and hands on what isn't. One try, however many there are.
   * @param passphrase null: nobody has been asked yet
   */
  async open(documents: readonly unknown[], passphrase: string | null): Promise<Result<unknown[], SetupRefusal>> {
    if (!documents.some(isSealed)) return ok([...documents]);
    for (const document of documents.filter(isSealed)) {
      const sealed = parseSealed(document);
      if (!sealed.ok) return refused('refused', [sealed.error.line]);
    }
    if (passphrase === null) return refused('sealed');
    const wait = waitMs(this.#trials, this.#clock.mono(), PERSON_BRAKE);
    if (wait > 0 || this.#isBusy) return refused('wait', [inSeconds(wait)]);
    this.#isBusy = true;
    try {
      return await this.#try(documents, passphrase);
    } finally {
      this.#isBusy = false;
    }
  }

  async #try(documents: readonly unknown[], passphrase: string): Promise<Result<unknown[], SetupRefusal>> {
    const inside: unknown[] = [];
    for (const document of documents) {
      const sealed = isSealed(document) ? parseSealed(document) : null;
      if (sealed?.ok !== true) {
        inside.push(document);
        continue;
      }
      const opened = await openSealed(sealed.value, passphrase);
      if (opened.ok) inside.push(opened.value);
      else if (opened.error.why === 'form') return refused('refused', [opened.error.line]);
      else return this.#wrong();
    }
    this.#trials = NO_TRIALS;
    return ok(inside);
  }

  #wrong(): Result<never, SetupRefusal> {
    this.#trials = failed(this.#trials, this.#clock.mono(), PERSON_BRAKE);
    const wait = waitMs(this.#trials, this.#clock.mono(), PERSON_BRAKE);
    return refused('wrong-passphrase', wait > 0 ? [inSeconds(wait)] : []);
  }
}

/** In every language. */
function inSeconds(ms: number): string {
  return `${Math.max(1, Math.ceil(ms / 1_000))} s`;
}
