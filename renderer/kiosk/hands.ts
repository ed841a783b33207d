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

export interface Press {
  readonly x: number;
  readonly y: number;
  /** What was pressed: whether it is on the screen still is asked later. null: no button. */
  readonly button: Pick<Element, 'isConnected'> | null;
  /** Whether it falls on what a screen asks. */
  readonly isAnswer: boolean;
}

/**
 * A finger that bounces means what it pressed first. Where that has gone with its screen meanwhile, the second press would
 * fall on what nobody has read yet. Of what stays, the button itself is deaf for a moment.
 */
export class Bounces {
  readonly #clock: Pick<Clock, 'mono'>;
  #last: { readonly press: Press; readonly button: Pick<Element, 'isConnected'>; untilMono: number } | null = null;

  constructor(clock: Pick<Clock, 'mono'>) {
    this.#clock = clock;
  }

  isBounce(press: Press): boolean {
    const now = this.#clock.mono();
    const last = this.#last;
    const untilMono = now + BOUNCE_MS;
    const isSoon = last !== null && now < last.untilMono && distance(press, last.press) < BOUNCE_PX;
    if (isSoon && !last.button.isConnected && press.isAnswer) {
      last.untilMono = untilMono;
      return true;
    }
    this.#last = press.button === null ? null : { press, button: press.button, untilMono };
    return false;
  }
}

function distance(a: Press, b: Press): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** @param isMembers whether members have the screen: staff are asked before what can't be taken back */
export function dropBounces(clock: Clock, isMembers: () => boolean): void {
  const bounces = new Bounces(clock);
  const onClick = (event: MouseEvent): void => {
    const { clientX: x, clientY: y, target } = event;
    // Not by a finger, but by a key.
    if (event.detail === 0 || !isMembers() || !(target instanceof Element)) return;
    if (!bounces.isBounce({ x, y, button: target.closest('button'), isAnswer: isAnswer(target) })) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('click', onClick, { capture: true });
}

/** What a screen asks. Where it waits, or in its corners, a press too many does nothing; and the demo's dock is no screen. */
function isAnswer(target: Element): boolean {
  return target.closest('#stage') !== null && target.closest('.waiting, .corners') === null;
}
