/**
 * A store that can't be written is tried again. A database that has to be begun anew is so once there is more room than
 * there was: each try ends the controller for a moment, and nobody is to wait at the door for one that comes to nothing.
 */
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock, Timer } from '../core/clock.ts';
import { finishAside } from '../store/aside.ts';
import { openStore } from '../store/data-dir.ts';
import type { StoreFault } from '../store/faults.ts';
import type { RebuildWhy } from './ready-store.ts';

/** How often it is looked. */
const RETRY_MS = 5_000;
/** Bytes that have to be freed before another try. */
const MORE_ROOM = 1_048_576;
/** Where the disk has room and it failed all the same. */
const PAUSE_MS = 600_000;

export interface Retried {
  readonly dataDir: string;
  readonly database: string;
  /** What has to be done beside writing; null: nothing. */
  readonly unfinished: RebuildWhy | null;
}

export class StoreRetry {
  readonly #clock: Clock;
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param again called once, as soon as it is worth it: to begin with the store as it is or, after that, with a new one
   * @param mayRebuild whether one that turns out to be damaged may be begun anew now
   */
  watch(retried: Retried, again: (rebuild: RebuildWhy | null) => void, mayRebuild: () => boolean): void {
    const { dataDir, database, unfinished } = retried;
    const room = freeBytes(database);
    const since = this.#clock.mono();
    const wait = () => {
      this.#timer = this.#clock.after('try the database again', RETRY_MS, look);
    };
    const look = () => {
      const found = unfinished === null ? stateOf(dataDir, database) : 'unfinished';
      const isPatient = this.#clock.mono() - since >= PAUSE_MS;
      if (found === 'works') again(null);
      else if (found === 'corrupt' && mayRebuild()) again('damaged');
      else if (found === 'unfinished' && (isPatient || freeBytes(database) - room >= MORE_ROOM)) again(unfinished);
      else wait();
    };
    wait();
  }

  cancel(): void {
    this.#timer?.cancel();
  }
}

/** `works`: it can be opened for writing. */
function stateOf(dataDir: string, database: string): 'works' | StoreFault['code'] {
  const finished = finishAside(database);
  const opened = finished.ok ? openStore(dataDir, 'write') : finished;
  if (!opened.ok) return opened.error.code;
  opened.value.close();
  return 'works';
}

function freeBytes(file: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize;
  } catch {
    return 0;
  }
}
