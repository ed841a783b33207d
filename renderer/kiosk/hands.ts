import type { Clock } from '../parts/clock.ts';

const HANDS = ['pointerdown', 'keydown'] as const;

/** Calls `touched` whenever somebody touches the screen or a key. @returns what ends it */
export function onHands(touched: () => void): () => void {
  for (const kind of HANDS) window.addEventListener(kind, touched, { passive: true });
  return () => {
    for (const kind of HANDS) window.removeEventListener(kind, touched);
  };
}

/** A wet finger comes down twice within that, and hardly elsewhere. */
const BOUNCE_MS = 400;
const BOUNCE_PX = 48;

/**
 * A finger that bounces means what it pressed first. Where that has gone with its screen meanwhile, the second press would
 * fall on what nobody has read yet, and is dropped. Of what stays, the button itself is deaf for a moment.
 * @param isMembers whether members have the screen: staff are asked before what can't be taken back
 */
export function dropBounces(clock: Clock, isMembers: () => boolean): void {
  let last: { readonly button: Element; readonly x: number; readonly y: number; untilMono: number } | null = null;
  const onClick = (event: MouseEvent): void => {
    const { clientX: x, clientY: y, target } = event;
    // Not by a finger, but by a key.
    if (event.detail === 0 || !isMembers() || !(target instanceof Element)) return;
    const untilMono = clock.mono() + BOUNCE_MS;
    const isNear = last !== null && Math.hypot(x - last.x, y - last.y) < BOUNCE_PX;
    if (last !== null && isNear && clock.mono() < last.untilMono && !last.button.isConnected && isAnswer(target)) {
      last.untilMono = untilMono;
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const button = target.closest('button');
    last = button === null ? null : { button, x, y, untilMono };
  };
  window.addEventListener('click', onClick, { capture: true });
}

/** What a screen asks. Where it waits, or in its corners, a press too many does nothing; and the demo's dock is no screen. */
function isAnswer(target: Element): boolean {
  return target.closest('#stage') !== null && target.closest('.waiting, .corners') === null;
}
