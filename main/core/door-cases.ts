/** The situations and inputs that `door-table.ts` goes through, and how it writes effects. Not part of the program. */
import { stepDoor } from './door.ts';
import {
  type DoorEffect,
  type DoorInput,
  type DoorMode,
  type DoorState,
  NO_ORDERS,
  restingDoor,
} from './door-model.ts';

const SETTINGS = { pulseMs: 3_000, maxPulseMs: 10_000, heldAfterMs: 30_000 };

/** A door with a contact, after these inputs, 100 ms apart. The contact is known to work. */
export function doorAfter(...inputs: readonly DoorInput[]): DoorState {
  let state = restingDoor(true);
  for (const [index, input] of [LEAF_SHUTS, ...inputs].entries()) {
    state = stepDoor(SETTINGS, state, input, index * 100).next;
  }
  return state;
}

const LEAF_SHUTS: DoorInput = { on: 'contact', open: false };
const LEAF_OPENS: DoorInput = { on: 'contact', open: true };
const READY: DoorInput = { on: 'lock', ready: true };
const ENTRY: DoorInput = { on: 'open', event: 7, by: 'entry' };
const EXIT: DoorInput = { on: 'open', event: 8, by: 'exit' };
const line = (command: number, energised: boolean): DoorInput => ({ on: 'line', command, energised });
const ordered = (order: Partial<DoorMode>): DoorInput => ({ on: 'mode', mode: { ...NO_ORDERS, ...order } });

export const SITUATIONS = {
  fault: () => doorAfter(),
  locked: () => doorAfter(READY),
  commanded: () => doorAfter(READY, ENTRY),
  unlocking: () => doorAfter(READY, ENTRY, line(1, true)),
  open: () => doorAfter(READY, ENTRY, line(1, true), LEAF_OPENS),
  closing: () => doorAfter(READY, ENTRY, line(1, true), LEAF_OPENS, line(1, false)),
  leaving: () => doorAfter(READY, EXIT, line(1, true)),
  forced: () => doorAfter(READY, LEAF_OPENS),
  'held-unlocked': () => doorAfter(READY, ordered({ hold: true }), line(1, true)),
  interlocked: () => doorAfter(READY, ordered({ interlocked: true })),
  closed: () => doorAfter(READY, ordered({ closed: true })),
  lockdown: () => doorAfter(READY, ordered({ lockdown: true })),
  fire: () => doorAfter(READY, ordered({ fire: true }), line(1, true)),
} satisfies Readonly<Record<string, () => DoorState>>;
export type Situation = keyof typeof SITUATIONS;

const always = (input: DoorInput) => () => input;
const order =
  (change: Partial<DoorMode>) =>
  (state: DoorState): DoorInput => ({
    on: 'mode',
    mode: { ...state.mode, ...change },
  });

export const INPUTS = {
  entry: always({ on: 'open', event: 21, by: 'entry' }),
  exit: always({ on: 'open', event: 22, by: 'exit' }),
  staff: always({ on: 'open', event: 23, by: 'staff' }),
  'exit-wanted': always({ on: 'exit-wanted' }),
  'line-on': ({ command }: DoorState) => line(command, true),
  'line-off': ({ command }: DoorState) => line(command, false),
  'line-off-late': ({ command }: DoorState) => line(command - 1, false),
  failed: ({ command }: DoorState): DoorInput => ({ on: 'failed', command }),
  'lock-gone': always({ on: 'lock', ready: false }),
  'lock-back': always(READY),
  'leaf-opens': always(LEAF_OPENS),
  'leaf-shuts': always(LEAF_SHUTS),
  'contact-lost': always({ on: 'contact', open: null }),
  'tamper-on': always({ on: 'tamper', active: true }),
  'fire-on': order({ fire: true }),
  'fire-off': order({ fire: false }),
  'lockdown-on': order({ lockdown: true }),
  'lockdown-off': order({ lockdown: false }),
  'closed-on': order({ closed: true }),
  'closed-off': order({ closed: false }),
  'interlock-on': order({ interlocked: true }),
  'interlock-off': order({ interlocked: false }),
  'hold-on': order({ hold: true }),
  'hold-off': order({ hold: false }),
  'no-answer': always({ on: 'timer', timer: 'answer' }),
  'open-too-long': always({ on: 'timer', timer: 'held' }),
  'half-time': always({ on: 'timer', timer: 'renew' }),
  stop: always({ on: 'stop' }),
} satisfies Readonly<Record<string, (state: DoorState) => DoorInput>>;
export type InputName = keyof typeof INPUTS;

export function effectText(effect: DoorEffect): string {
  switch (effect.do) {
    case 'energise':
    case 'energise-at':
    case 'rest':
      return effect.do;
    case 'start-timer':
      return `start ${effect.timer}`;
    case 'stop-timer':
      return `stop ${effect.timer}`;
    case 'record-outcome':
      return `${effect.outcome}${effect.nobodyPassed ? ' given-back' : ''}`;
    case 'alarm':
      return `${effect.active ? 'alarm' : 'end'} ${effect.alarm}`;
  }
}
