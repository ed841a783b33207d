/**
 * Keeps the page on the screen. A load that fails, hangs or answers with an error and a page that crashes are tried
 * again, with a pause that grows; a page that hangs is given a while, then ended. It never gives up.
 *
 *   loading ──loaded──▶ shown ──unresponsive──▶ hung ──timer──▶ (end the page) ─┐
 *      ▲  └─failed, gone, timer─┐ └─gone, failed─┐ └─gone─────────────────────────┤
 *      └────────timer──────── waiting ◀──────────┴────────────────────────────────┘
 */
import type { Clock, Timer } from '../core/clock.ts';
import type { Address } from './address.ts';
import type { ShellContents } from './electron.ts';
import type { Say } from './say.ts';

export interface Recovery {
  readonly at: 'loading' | 'shown' | 'hung' | 'waiting';
  /** Failures since the page last stayed for `STEADY_MS`. */
  readonly failures: number;
  /** Once what is loading is there, it is to be loaded once more: there is a new token. */
  readonly again: boolean;
}

export const BEGINNING: Recovery = { at: 'waiting', failures: 0, again: false };

export type Happening = 'start' | 'loaded' | 'failed' | 'gone' | 'unresponsive' | 'responsive' | 'timer';

export interface Step {
  readonly next: Recovery;
  readonly effect: 'load' | 'stop-loading' | 'end-page' | null;
  /** Takes the place of the running timer; null: none is to run. `keep`: as it is. */
  readonly timerMs: number | null | 'keep';
}

export const FIRST_PAUSE_MS = 500;
export const LONGEST_PAUSE_MS = 30_000;
/** Chromium itself waits for minutes for a server that accepts and says nothing. */
export const LOAD_LIMIT_MS = 20_000;
export const HANG_LIMIT_MS = 10_000;
export const STEADY_MS = 60_000;

/** `failures` counts the one that has just happened. */
export function pauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 16));
}

function retry(state: Recovery, effect: Step['effect'] = null): Step {
  const failures = state.failures + 1;
  return { next: { at: 'waiting', failures, again: false }, effect, timerMs: pauseMs(failures) };
}

function load(state: Recovery): Step {
  return { next: { ...state, at: 'loading', again: false }, effect: 'load', timerMs: LOAD_LIMIT_MS };
}

function onTimer(state: Recovery): Step {
  switch (state.at) {
    case 'loading':
      return retry(state, 'stop-loading');
    case 'shown':
      return { next: { ...state, failures: 0 }, effect: null, timerMs: null };
    case 'hung':
      return retry(state, 'end-page');
    case 'waiting':
      return load(state);
  }
}

export function step(state: Recovery, happening: Happening): Step {
  const same: Step = { next: state, effect: null, timerMs: 'keep' };
  const shown: Step = { next: { ...state, at: 'shown' }, effect: null, timerMs: STEADY_MS };
  switch (happening) {
    case 'start':
      // Chromium drops a load of the address that is being loaded already.
      return state.at === 'loading' ? { ...same, next: { ...state, again: true } } : load(state);
    case 'timer':
      return onTimer(state);
    // While waiting, what is still heard of the last attempt doesn't count; the next one is coming.
    case 'failed':
    case 'gone':
      return state.at === 'waiting' ? same : retry(state);
    case 'loaded':
      if (state.at === 'waiting') return same;
      return state.again ? load(state) : shown;
    case 'unresponsive':
      return state.at === 'shown' || state.at === 'loading'
        ? { next: { ...state, at: 'hung' }, effect: null, timerMs: HANG_LIMIT_MS }
        : same;
    case 'responsive':
      return state.at === 'hung' ? shown : same;
  }
}

/** Chromium's ERR_ABORTED: a newer load or a refused navigation took its place. Nothing is wrong. */
const ABORTED = -3;
const FIRST_HTTP_ERROR = 400;

/** Listens to `contents`. @returns what loads the page, now and again: call it once to begin */
export function keepShown(contents: ShellContents, address: Address, clock: Clock, say: Say): () => void {
  let state = BEGINNING;
  let timer: Timer | null = null;
  const happen = (happening: Happening): void => {
    const { next, effect, timerMs } = step(state, happening);
    if (state.failures === 0 && next.failures === 1) say('Shell: the page is not there; trying until it is');
    state = next;
    if (timerMs !== 'keep') {
      timer?.cancel();
      timer = timerMs === null ? null : clock.after(`shell ${next.at}`, timerMs, () => happen('timer'));
    }
    if (effect === 'stop-loading') contents.stop();
    if (effect === 'end-page') contents.forcefullyCrashRenderer();
    // How it went is told by the events; the promise says the same again.
    if (effect === 'load') contents.loadURL(address.url).catch(() => {});
  };
  contents.on('did-navigate', (_event, _url, status) => {
    if (status >= FIRST_HTTP_ERROR) happen('failed');
  });
  contents.on('did-finish-load', () => happen('loaded'));
  contents.on('did-fail-load', (_event, code, _text, _url, isMainFrame) => {
    if (isMainFrame && code !== ABORTED) happen('failed');
  });
  contents.on('render-process-gone', () => happen('gone'));
  contents.on('unresponsive', () => happen('unresponsive'));
  contents.on('responsive', () => happen('responsive'));
  return () => happen('start');
}
