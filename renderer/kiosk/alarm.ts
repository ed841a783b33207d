/** The page sounds while an alarm stands that nobody looks after, and while there is fire. */
import type { Clock, Timer } from '../parts/clock.ts';
import type { Kiosk } from './kiosk.ts';
import { alarmOf } from './mood.ts';
import type { SoundName } from './sounds.ts';

/** Four times two tones of 250 ms, and a second's pause; a siren without one. */
const AGAIN_MS = { alarm: 3_000, fire: 900 } as const;
/** It begins softly, for who is on the way already. */
const GROWS_MS = 20_000;

/** @param play as the page's sounds have it */
export function openAlarm(kiosk: Kiosk, clock: Clock, play: (sound: SoundName, night: boolean) => void): void {
  let sounding: keyof typeof AGAIN_MS | null = null;
  let sinceMono = 0;
  let timer: Timer | null = null;
  const sound = (): void => {
    if (sounding === null) return;
    const isLoud = sounding === 'fire' || clock.mono() - sinceMono > GROWS_MS;
    play(sounding, !isLoud);
    timer = clock.after('kiosk alarm', AGAIN_MS[sounding], sound);
  };
  const follow = (): void => {
    const wanted = alarmOf(kiosk.snapshot());
    if (wanted === sounding) return;
    timer?.cancel();
    sounding = wanted;
    sinceMono = clock.mono();
    sound();
  };
  kiosk.subscribe(follow);
  follow();
}
