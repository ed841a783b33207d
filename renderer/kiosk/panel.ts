/** The panel's light, where the shell is there to set it (`main/shell/page-api.ts`). A browser alone leaves it as it is. */
import type { Kiosk } from './kiosk.ts';

const FULL_PERCENT = 100;

/** Dims the panel at night; by day it isn't touched, so that what a technician has set stays until the first evening. */
export function keepPanelDim(kiosk: Kiosk): void {
  const set = brightnessOf(Reflect.get(window, 'genkanShell'));
  if (set === null) return;
  let last = FULL_PERCENT;
  const follow = (): void => {
    const { light } = kiosk.snapshot();
    if (light === last) return;
    last = light;
    set(light);
  };
  kiosk.subscribe(follow);
  follow();
}

function brightnessOf(shell: unknown): ((percent: number) => void) | null {
  if (typeof shell !== 'object' || shell === null) return null;
  const brightness: unknown = Reflect.get(shell, 'brightness');
  return typeof brightness === 'function' ? (percent) => Reflect.apply(brightness, shell, [percent]) : null;
}
