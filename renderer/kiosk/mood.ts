/** How loud and how bright it is at the door: by the decision, and by the hour. Pure. */
import type { DecisionMessage, StatusMessage } from '../../main/contract/page.ts';
import { createFormats } from '../locale/format.ts';
import { offerOf, screenOf } from './screen.ts';
import type { SoundName } from './sounds.ts';

const NIGHT_FROM_HOUR = 20;
const NIGHT_UNTIL_HOUR = 6;

/** What a decision sounds like. */
export function soundOf(decision: DecisionMessage): SoundName {
  const screen = screenOf(decision);
  if (offerOf(decision) !== null) return 'choice';
  return screen === 'admitted' && decision.warnings.length > 0 ? 'admitted-heed' : screen;
}

/** By the site's own clock. */
export function isNight(status: StatusMessage, wall: number): boolean {
  try {
    const hour = createFormats(status.site.timezone).hourOfDay(wall);
    return hour >= NIGHT_FROM_HOUR || hour < NIGHT_UNTIL_HOUR;
  } catch {
    // An unknown time zone: the screen says so when it is drawn; decisions must go on being heard.
    return false;
  }
}

/** What nobody looks after yet: fire before everything else; null: nothing. */
export function alarmOf({ status }: { readonly status: StatusMessage | null }): 'alarm' | 'fire' | null {
  const untaken = (status?.alarms ?? []).filter(({ taken }) => !taken);
  if (untaken.some(({ alarm }) => alarm === 'fire')) return 'fire';
  return untaken.length > 0 ? 'alarm' : null;
}
