/** Whether the hub has been away for so long that it is worth a word, and since when. Pure. */
import type { StatusMessage } from '../../main/contract/page.ts';

/** A router that starts again, or a hub, is no news to anybody at a door. */
const OFFLINE_AFTER_MS = 15 * 60_000;
const SECOND_MS = 1_000;

/** The hub is away. Monotonic milliseconds. */
export interface HubAway {
  /** The last contact at which all was applied; where there never was one, when this page first heard so. */
  readonly sinceMono: number;
  readonly wasThere: boolean;
}

/** For who stands at the door. */
export interface Offline {
  /** The last contact, epoch milliseconds; null: there was none. */
  readonly syncedAt: number | null;
}

/** A status says how old the data were when it was sent; nobody sends another one only because time goes by. */
export function hubAway(before: HubAway | null, { hub }: StatusMessage, nowMono: number): HubAway | null {
  if (hub?.state !== 'away') return null;
  if (hub.dataAgeSeconds !== null) return { sinceMono: nowMono - hub.dataAgeSeconds * SECOND_MS, wasThere: true };
  return before?.wasThere === false ? before : { sinceMono: nowMono, wasThere: false };
}

export function offlineOf(away: HubAway | null, nowMono: number, wall: number): Offline | null {
  if (away === null || nowMono - away.sinceMono < OFFLINE_AFTER_MS) return null;
  return { syncedAt: away.wasThere ? wall - (nowMono - away.sinceMono) : null };
}
