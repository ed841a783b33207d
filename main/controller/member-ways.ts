/** What members may do at the kiosk besides holding up a code, tied to the unit. */
import type { MemberWays } from '../api/ports.ts';
import type { Config } from '../contract/config.ts';
import type { PlaceCodeOutput, WaysMessage } from '../contract/member-ways.ts';
import type { Settings } from '../contract/settings.ts';
import { takeCarryOver } from './carry-over.ts';
import { type PlaceSigner, placeCodesAt, publicKeyOf } from './place-code.ts';
import { ProvisionalDesk, type WaysParts } from './provisional.ts';

/** Until the page asks again whether there is a code by now. */
const AGAIN_MS = 5_000;
const NO_CODE: PlaceCodeOutput = { codes: null, leftMs: AGAIN_MS, everyMs: AGAIN_MS };

export interface UnitWays extends MemberWays {
  /** Puts the key that checks place codes on record, whence the hub has it; nothing where no door shows one. */
  tellKey(): void;
}

export function memberWays(parts: WaysParts, config: Config): UnitWays {
  const desk = new ProvisionalDesk(parts);
  const signer: PlaceSigner = {
    unitId: parts.store.record.unit().unit_id,
    key: parts.store.signingKey('place code'),
  };
  return {
    placeCode: ({ door }) => {
      const placeCode = config.doors.find(({ id }) => id === door)?.placeCode ?? null;
      if (placeCode === null || parts.trust() === 'doubtful') return NO_CODE;
      return placeCodesAt(signer, door, placeCode, parts.clock.wall());
    },
    issue: (input) => desk.issue(input),
    withdraw: ({ code }) => desk.withdraw(code),
    carryOver: (input) => takeCarryOver(parts, input),
    tellKey: () => {
      if (config.doors.every(({ placeCode }) => placeCode === null)) return;
      parts.journal.note({ type: 'system', detail: { what: 'place-code-key', publicKey: publicKeyOf(signer) } });
    },
  };
}

/** For the status. */
export function waysMessage(settings: Settings | null): WaysMessage {
  const { provisionalCards = null, carryOver = null } = settings ?? {};
  return { provisional: provisionalCards === null ? null : { days: provisionalCards.days }, carryOver };
}
