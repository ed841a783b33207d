import type { Language, Texts } from '../locale/texts.ts';
import type { Clock } from '../parts/clock.ts';
import type { Eye } from './eye.ts';
import type { Kiosk, Snapshot } from './kiosk.ts';
import type { Desk } from './staff/desk.ts';
import type { Speaker } from './words.ts';

/** What every screen is drawn from. */
export interface Scene {
  readonly kiosk: Kiosk;
  readonly clock: Clock;
  readonly eye: Eye;
  readonly desk: Desk;
  readonly snap: Snapshot;
  readonly speaker: Speaker;
  /** Other languages than the speaker's. */
  readonly speak: (language: Language) => Texts;
}
