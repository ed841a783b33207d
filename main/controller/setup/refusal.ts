import type { SetupRefusal } from '../../api/setup-port.ts';
import type { SetupFault } from '../../contract/technician.ts';
import { err, type Result } from '../../core/result.ts';

export function refused(fault: SetupFault, lines: readonly string[] = []): Result<never, SetupRefusal> {
  return err({ fault, lines });
}
