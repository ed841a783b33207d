/** In which order files of tests begin. */
import { relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { ROOT } from '../setup/runtime.mjs';

/**
 * About how many seconds a file takes on two cores: the longest of the programs and browsers, then of the units. A clone
 * that has never run them knows no times, and a long one that comes last keeps one worker busy and leaves the others idle.
 */
export const SECONDS: Readonly<Record<string, number>> = {
  'renderer/kiosk/camera/camera.browser.test.ts': 75,
  'renderer/kiosk/looks.browser.test.ts': 68,
  'renderer/kiosk/ways-everywhere.browser.test.ts': 59,
  'build/e2e/slow.e2e.test.ts': 53,
  'build/e2e/sync-outages.e2e.test.ts': 50,
  'renderer/kiosk/technician/technician.browser.test.ts': 50,
  'renderer/kiosk/staff/looks.browser.test.ts': 43,
  'renderer/kiosk/kiosk.browser.test.ts': 41,
  'renderer/kiosk/staff/staff.browser.test.ts': 38,
  'main/cli/doctor.e2e.test.ts': 32,
  'sync/hub/hub.e2e.test.ts': 28,
  'build/e2e/backup.e2e.test.ts': 28,
  'build/e2e/sync-troubles.e2e.test.ts': 25,
  'build/e2e/hostile.e2e.test.ts': 25,
  'renderer/kiosk/everywhere.browser.test.ts': 23,
  'sync/hub/start.e2e.test.ts': 23,
  'sync/link/hostile.test.ts': 34,
  'build/check/house.test.ts': 22,
  'renderer/kiosk/camera/decoder-fuzz.test.ts': 20,
  'sync/hub/hostile.test.ts': 18,
  'main/store/queries.test.ts': 13,
  'main/api/lan/fuzz.test.ts': 12,
  'build/soak/fuzz.test.ts': 12,
  'main/controller/terminals.test.ts': 12,
  'main/shell/navigation.test.ts': 11,
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
