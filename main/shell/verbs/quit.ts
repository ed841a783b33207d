/** Ends the shell, for whoever shows the permit that the controller gave after checking the person's role. */
import * as z from 'zod/mini';
import type { Clock } from '../../core/clock.ts';
import { err, ok } from '../../core/result.ts';
import type { Verb } from './verb.ts';

const Offered = z.string().check(z.maxLength(128));

/** The answer must reach the page before its window goes. */
const QUIT_DELAY_MS = 100;

export interface QuitParts {
  readonly spendPermit: (offered: string) => boolean;
  readonly quit: () => void;
  readonly clock: Clock;
}

export function quitVerb({ spendPermit, quit, clock }: QuitParts): Verb {
  return async (input) => {
    const offered = Offered.safeParse(input);
    if (!offered.success) return err({ code: 'bad_input', text: "quit takes the controller's permit" });
    if (!spendPermit(offered.data)) {
      return err({ code: 'no_permit', text: 'the permit is wrong, used or older than a minute: ask for a new one' });
    }
    clock.after('shell quit', QUIT_DELAY_MS, quit);
    return ok(null);
  };
}
