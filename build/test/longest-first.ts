/** In which order files of tests begin. */
import { relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { ROOT } from '../setup/runtime.mjs';

/**
 * About how many seconds of a quiet core or of waiting a file takes; of those that aren't here, at most half a minute. A
 * clone that has never run them knows no times, and a long one that comes last keeps one worker busy and leaves the others idle.
 */
export const SECONDS: Readonly<Record<string, number>> = {
  'renderer/kiosk/looks.browser.test.ts': 70,
  'build/e2e/slow.e2e.test.ts': 62,
  'renderer/kiosk/ways-everywhere.browser.test.ts': 60,
  'renderer/kiosk/camera/camera.browser.test.ts': 58,
  'renderer/kiosk/technician/technician.browser.test.ts': 56,
  'build/e2e/backup.e2e.test.ts': 54,
  'sync/hub/hub.e2e.test.ts': 52,
  'build/e2e/sync-outages.e2e.test.ts': 50,
  'renderer/kiosk/staff/looks.browser.test.ts': 48,
  'sync/hub/store/postgres.e2e.test.ts': 46,
  'build/e2e/sync-troubles.e2e.test.ts': 44,
  'sync/hub/start.e2e.test.ts': 43,
  'build/e2e/hostile.e2e.test.ts': 42,
  'renderer/kiosk/kiosk.browser.test.ts': 41,
  'main/store/salvage-kill.e2e.test.ts': 40,
  'renderer/kiosk/eye.browser.test.ts': 40,
  'renderer/kiosk/everywhere.browser.test.ts': 39,
  'sync/hub/hostile.test.ts': 60,
  'sync/link/hostile.test.ts': 50,
  'build/soak/fuzz.test.ts': 45,
  'main/store/snapshot-codes.test.ts': 40,
  'main/shell/navigation.test.ts': 38,
  'sync/hub/store/sqlite.test.ts': 36,
};

/** Known long ones first, the others as ever: what failed, then by size or by what they took. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files));
  }
}

interface File {
  /** Absolute. */
  readonly moduleId: string;
  readonly project: { readonly config: { readonly sequence: { readonly groupOrder: number } } };
}

/** Groups stay apart, one after the other. */
export function longestFirst<F extends File>(files: readonly F[]): F[] {
  const groupOf = ({ project }: File) => project.config.sequence.groupOrder;
  return files.toSorted((a, b) => groupOf(a) - groupOf(b) || secondsOf(b) - secondsOf(a));
}

function secondsOf({ moduleId }: File): number {
  return SECONDS[relative(ROOT, moduleId).replaceAll(sep, '/')] ?? 0;
}
