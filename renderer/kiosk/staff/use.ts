/** What every one of the staff's screens has at hand. */
import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import type * as z from 'zod';
import type { SiteOutput } from '../../../main/contract/looks.ts';
import type { Person } from '../../../main/contract/staff.ts';
import { useBeat } from '../../parts/beat.ts';
import type { Clock } from '../../parts/clock.ts';
import type { Scene } from '../scene.ts';
import type { Calls, Desk } from './desk.ts';
import type { Asked, Refusal } from './refusal.ts';
import type { StaffTexts } from './texts.ts';

const SECOND_MS = 1_000;

export type Site = Extract<z.infer<typeof SiteOutput>, { ok: true }>['value'];

export type Place = 'home' | 'roll' | 'members' | 'tickets' | 'passes' | 'picture' | 'alerts' | 'unit';
export type Route =
  | { readonly at: Place }
  | { readonly at: 'member'; readonly memberId: string; readonly ticketId?: string }
  | { readonly at: 'why'; readonly event: number; readonly memberId: string | null; readonly name: string | null };

export interface Staff {
  readonly scene: Scene;
  readonly desk: Desk;
  readonly clock: Clock;
  readonly t: StaffTexts;
  readonly person: Person;
  readonly site: Site | null;
  readonly go: (route: Route) => void;
  /** A line at the foot of the screen, for a moment. */
  readonly toast: (line: string) => void;
}

export const StaffContext = createContext<Staff | null>(null);

export function useStaff(): Staff {
  const staff = useContext(StaffContext);
  if (staff === null) throw new Error('outside the staff’s screens');
  return staff;
}

export type Look<T> =
  | { readonly at: 'busy'; readonly before: T | null }
  | { readonly at: 'given'; readonly value: T }
  | { readonly at: 'failed'; readonly refusal: Refusal };

/** Asks once for each `key`, and again after `again`. What stood there stays until the new answer is here. */
export function useLook<T>(key: string, ask: (desk: Desk) => Promise<Asked<T>>): readonly [Look<T>, () => void] {
  const { desk } = useStaff();
  const [turn, setTurn] = useState(0);
  const [found, setFound] = useState<{ key: string; turn: number; asked: Asked<T> } | null>(null);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    let isWanted = true;
    void latest.current(desk).then((asked) => {
      if (isWanted) setFound({ key, turn, asked });
    });
    return () => {
      isWanted = false;
    };
  }, [desk, key, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  if (found === null || found.key !== key) return [{ at: 'busy', before: null }, again];
  const { asked } = found;
  if (!asked.ok) return [found.turn === turn ? { at: 'failed', refusal: asked } : { at: 'busy', before: null }, again];
  return [found.turn === turn ? { at: 'given', value: asked.value } : { at: 'busy', before: asked.value }, again];
}

type Output<T> = Parameters<typeof Desk.prototype.ask<T>>[0];
/** `act` is the act's id, and goes with what is sent; so does `on`, which ends the call. */
type ActCall = (calls: Calls, act: string, on: { readonly signal: AbortSignal }) => Promise<unknown>;

export interface Act {
  readonly busy: boolean;
  readonly refusal: Refusal | null;
  /** Does nothing while one is under way. A try after nobody answered is the same act, which is done once. */
  readonly run: <T>(output: Output<T>, call: ActCall, done: (value: T) => void) => void;
  /** Waits no longer. Whether it was done, the record says. */
  readonly cancel: () => void;
}

export function useAct(): Act {
  const { desk } = useStaff();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const isBusy = useRef(false);
  const abort = useRef<AbortController | null>(null);
  const run: Act['run'] = (output, call, done) => {
    if (isBusy.current) return;
    isBusy.current = true;
    setBusy(true);
    abort.current = new AbortController();
    const act = desk.newAct();
    void desk
      .ask(output, (calls, signal) => call(calls, act, { signal }), abort.current.signal)
      .then((asked) => {
        isBusy.current = false;
        setBusy(false);
        setRefusal(asked.ok ? null : asked);
        if (asked.ok) done(asked.value);
      });
  };
  return { busy, refusal, run, cancel: () => abort.current?.abort() };
}

/** Counts down, redrawn each second. @returns ms until what was refused may be tried again; 0: now */
export function useWait(clock: Clock, refusal: Refusal | null): number {
  useBeat(clock, SECOND_MS);
  return Math.max(0, (refusal?.untilMono ?? 0) - clock.mono());
}

export { useBeat };
