/** Makes the configured inputs of all doors. */
import { makeInput } from '../../device/inputs/open.ts';
import type { InputPort } from '../../device/ports.ts';
import type { SimDoor } from '../../device/sim/door.ts';
import type { Config } from '../contract/config.ts';
import type { Clock } from '../core/clock.ts';
import { type BoardParts, partId } from './board-parts.ts';
import { type DoorInputs, INPUT_KINDS, type InputKind } from './doors.ts';

/**
 * @param doors simulated doors, whose leaf the simulated contact sees
 * @param parts those on relay boards
 */
export function makeInputs(
  config: Config,
  clock: Clock,
  doors: ReadonlyMap<string, SimDoor>,
  parts: BoardParts,
): DoorInputs {
  return new Map(
    config.doors.map(({ id, inputs }) => {
      const ports: Partial<Record<InputKind, InputPort>> = {};
      for (const kind of INPUT_KINDS) {
        const wanted = inputs[kind];
        if (wanted === null) continue;
        const leaf = kind === 'contact' && wanted.driver === 'sim' ? doors.get(id)?.contact() : undefined;
        const port = leaf ?? makeInput(wanted, clock) ?? parts.input(partId(id, kind));
        if (port !== null) ports[kind] = port;
      }
      return [id, ports];
    }),
  );
}
