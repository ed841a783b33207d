/**
 * Exceptions to the house rules, each with its reason. The checks fail as well when an entry isn't needed any more, and
 * when something listed as long grows.
 */
import type { Allowance } from './finding.ts';
import type { Long } from './size.ts';

/** Casts. Functions that turn `unknown` into a domain value after checking it belong here. */
export const CASTS: readonly Allowance[] = [
  {
    path: 'device/lines/watch.ts',
    name: 'parsePoller',
    reason: 'a class of a package’s inside: that it is one is all that can be checked',
  },
  { path: 'main/core/time/day.ts', name: 'weekdayOf', reason: 'an index of 0 to 6 into seven names' },
  { path: 'main/core/time/zone.ts', name: 'offsetAt', reason: 'a stretch has at least one segment' },
];

/** Where clocks are read and timers made. The tools of build/ are free to. */
export const TIME: readonly Allowance[] = [
  { path: 'device/clock/system.ts', name: '*', reason: 'the real clock' },
  { path: 'device/clock/virtual.ts', name: 'settle', reason: 'lets real I/O happen between steps of virtual time' },
  { path: 'device/sim/rig.ts', name: 'settle', reason: 'lets real I/O happen between steps of a simulation' },
  { path: 'renderer/parts/clock.ts', name: '*', reason: 'the page’s real clock' },
];

/** Entries of processes, which alone know their environment and their end. main/cli/*.ts are all entries. */
export const PROCESS: readonly Allowance[] = [
  { path: 'main/shell/main.ts', name: '*', reason: 'the shell’s entry' },
  { path: 'sync/conformance/run.ts', name: '*', reason: 'the suite’s entry' },
  { path: 'sync/hub/hubctl.ts', name: '*', reason: 'hubctl’s entry' },
  { path: 'sync/hub/run.ts', name: '*', reason: 'the hub’s entry' },
];

/** Results that are not looked at. */
export const UNREAD: readonly Allowance[] = [
  {
    path: 'device/locks/relay-lock.ts',
    name: 'close',
    reason: 'tries to leave the line at rest; the line is closed anyway',
  },
];

/** Files over 300 lines and functions over 40. */
export const LONG: readonly Long[] = [
  { path: 'build/bench/data.ts', name: 'benchSite', lines: 65, reason: 'one literal: the site that is measured' },
  { path: 'build/bench/rules.ts', name: 'benchRules', lines: 50, reason: 'a measurement from beginning to end' },
  { path: 'main/cli/program.ts', name: 'makeProgram', lines: 50, reason: 'the list of commands' },
  { path: 'main/controller/wire.ts', name: 'startController', lines: 58, reason: 'the composition root' },
  { path: 'main/core/decide.ts', name: null, lines: 346, reason: 'the rules in their order, to be read in one go' },
];
