/** When a link that ended is tried again. */
import * as z from 'zod';
import type { WireFault } from '../wire/from-hub.ts';

/** How a connection ended. */
export type Ending =
  /** The network, the hub's process, silence. */
  | { readonly how: 'lost'; readonly detail: string }
  /** The hub said so. */
  | { readonly how: 'goodbye'; readonly why: WireFault; readonly detail: string }
  /** It isn't the hub that this unit was paired with, or doesn't speak as the protocol has it. */
  | { readonly how: 'distrusted'; readonly detail: string }
  /** The unit's own store didn't take it. */
  | { readonly how: 'store'; readonly detail: string };

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** Somebody has to do something first. */
const HANDS_MS = 15 * 60_000;

/**
 * @param tries in vain before this one @param chance 0 to 1 @returns milliseconds; half of it is spread by chance, so that
 * a hub that comes back isn't met by all units at once
 */
export function pauseBefore(ending: Ending, tries: number, chance: number): number {
  const most = needsHands(ending) ? HANDS_MS : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 16));
  return Math.round(most * (0.5 + chance / 2));
}

/** Whether coming back soon makes no sense. */
function needsHands(ending: Ending): boolean {
  if (ending.how !== 'goodbye') return false;
  switch (ending.why) {
    case 'version':
    case 'code':
    case 'proof':
    case 'unknown-unit':
    case 'revoked':
      return true;
    case 'not-a-message':
    case 'too-large':
    case 'too-many':
    case 'too-slow':
    case 'not-expected':
    case 'chain':
    case 'unavailable':
      return false;
  }
}

/** One line for technicians. */
export function endingText(ending: Ending): string {
  return ending.how === 'goodbye' ? `the hub said goodbye (${ending.why}): ${ending.detail}` : ending.detail;
}

const Coded = z.object({ code: z.string() });
const Faulty = z.object({ fault: Coded });

/** What failed, without what was written: an error of the database may quote it. */
export function storeText(error: unknown): string {
  const code = Coded.safeParse(error).data?.code ?? Faulty.safeParse(error).data?.fault.code ?? 'unknown';
  return `the unit’s store did not take it (${code})`;
}
