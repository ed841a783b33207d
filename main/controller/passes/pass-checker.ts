/** Does a code that was read hold a pass, and is it good at this door now? (guarantees 4.2) */
import type { KeyObject } from 'node:crypto';
import type { Settings } from '../../contract/settings.ts';
import type { ClockTrust } from '../../core/clock.ts';
import { parseInstant } from '../../core/time/instant.ts';
import { MAX_LIFE_MS, PASS_PREFIX, type PassClaims, parsePass } from './pass.ts';
import type { UsedPasses } from './used-passes.ts';
import { importPassKey, isSignedBy } from './verify.ts';

/** The issuer's clock and ours may be this far apart, either way. */
export const SKEW_MS = 30_000;

/**
 * `signature`: not a pass of the format, its key is unknown, or it isn't signed by it; `revoked`: the pass is, or its
 * key isn't in force; `expired`: before or after its life.
 */
export type BadPassReason = 'expired' | 'revoked' | 'tenant' | 'door' | 'used' | 'signature';

export interface GoodPass {
  readonly ok: true;
  /** Whom the pass names; nobody has looked yet whether there is such a member. */
  readonly memberId: string;
  readonly passId: string;
  /** Epoch ms from which it is refused: `note` it with this once it has opened. */
  readonly until: number;
}
export type PassResult = GoodPass | { readonly ok: false; readonly why: BadPassReason };

export interface PassMoment {
  readonly doorId: string;
  /** Epoch ms. While the clock is doubtful: a time that is past for certain, that of the last trusted event. */
  readonly at: number;
  /**
   * `doubtful`: nothing is refused for being too early, and for being over only what was over at `at`. A door that
   * wants more says so by `onDoubtfulClock`.
   */
  readonly trust: ClockTrust;
  /** `NOTHING_USED` at an exit. */
  readonly used: Pick<UsedPasses, 'isUsed'>;
}

interface PassKey {
  readonly key: KeyObject;
  readonly from: number;
  readonly to: number;
}

export class PassChecker {
  readonly #tenant: string | null;
  readonly #keys: ReadonlyMap<string, PassKey>;
  readonly #revoked: ReadonlySet<string>;

  constructor({ tenant, passKeys, revokedPasses }: Pick<Settings, 'tenant' | 'passKeys' | 'revokedPasses'>) {
    this.#tenant = tenant;
    this.#keys = new Map(passKeys.map((key) => [key.kid, readKey(key)]));
    // A revocation in capitals must not be one that does nothing.
    this.#revoked = new Set(revokedPasses.map((passId) => passId.toLowerCase()));
  }

  /** null: no pass, so perhaps a static code. Of several faults the first in the order of the manual is said. */
  check(text: string, moment: PassMoment): PassResult | null {
    const code = text.trim();
    if (!code.startsWith(PASS_PREFIX)) return null;
    const pass = parsePass(code);
    const key = pass === null ? undefined : this.#keys.get(pass.kid);
    if (pass === null || key === undefined || !isSignedBy(key.key, pass)) return { ok: false, why: 'signature' };
    const { memberId, passId, expiresAt } = pass.claims;
    const why = this.#objection(pass.claims, key, moment);
    return why === null ? { ok: true, memberId, passId, until: expiresAt + SKEW_MS } : { ok: false, why };
  }

  #objection(claims: PassClaims, key: PassKey, { doorId, at, trust, used }: PassMoment): BadPassReason | null {
    const { tenant, passId, expiresAt, doorIds } = claims;
    const notBefore = claims.notBefore ?? expiresAt - MAX_LIFE_MS;
    const isWithin = (from: number, to: number) => at < to && (trust === 'doubtful' || at >= from);
    if (tenant !== this.#tenant) return 'tenant';
    if (this.#revoked.has(passId) || !isWithin(key.from, key.to)) return 'revoked';
    if (!isWithin(notBefore - SKEW_MS, expiresAt + SKEW_MS)) return 'expired';
    if (doorIds !== null && !doorIds.includes(doorId)) return 'door';
    return used.isUsed(passId, doorId) ? 'used' : null;
  }
}

function readKey({ publicKey, from, to }: Settings['passKeys'][number]): PassKey {
  // Parsed with the settings; a time that can't be read would make a key that is never in force.
  return {
    key: importPassKey(publicKey),
    from: parseInstant(from) ?? Number.POSITIVE_INFINITY,
    to: to === null ? Number.POSITIVE_INFINITY : (parseInstant(to) ?? Number.NEGATIVE_INFINITY),
  };
}
