/** What every InputPort does. The fixture has one input, plugged in, inactive and not yet open. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DeviceState, InputPort } from './ports.ts';
import type { Rig } from './sim/rig.ts';

export interface InputFixture {
  readonly rig: Rig;
  readonly port: InputPort;
  /** What happens outside: somebody opens the door, presses the button. False: it can't be done now. */
  set(active: boolean): boolean;
  /** Null where this input can't be pulled out. */
  readonly plug: { unplug(): Promise<void>; replug(): Promise<void> } | null;
  remove(): Promise<void>;
}

export function inputContract(name: string, make: () => Promise<InputFixture>): void {
  async function open(before: (fixture: InputFixture) => void = () => undefined) {
    const fixture = await make();
    before(fixture);
    const levels: { readonly active: boolean; readonly mono: number }[] = [];
    const states: DeviceState[] = [];
    onTestFinished(async () => {
      await fixture.port.close();
      await fixture.remove();
    });
    fixture.port.open({
      level: (active, mono) => levels.push({ active, mono }),
      state: (state) => states.push(state),
    });
    await fixture.rig.until('the first level', () => levels.length > 0);
    const actives = () => levels.map((level) => level.active);
    return { ...fixture, levels, states, actives };
  }

  describe(`input contract: ${name}`, () => {
    test('soon after it is opened it says that it is there and which level it found', async () => {
      const { states, actives } = await open();
      expect(states).toMatchObject([{ ok: true }]);
      expect(actives()).toEqual([false]);
    });

    test('a level from before the opening is found, not missed', async () => {
      const { actives } = await open((fixture) => fixture.set(true));
      expect(actives()).toEqual([true]);
    });

    test('it tells each change once, with its time', async () => {
      const { rig, set, levels, actives } = await open();
      const before = rig.clock.mono();
      set(true);
      set(true);
      await rig.until('active', () => actives().at(-1) === true);
      set(false);
      await rig.until('inactive', () => actives().at(-1) === false);
      expect(actives()).toEqual([false, true, false]);
      expect(levels[1]?.mono).toBeGreaterThanOrEqual(before);
      expect(levels[2]?.mono).toBeGreaterThanOrEqual(levels[1]?.mono ?? Number.POSITIVE_INFINITY);
    });

    test('pulled out it says so; put back it tells the level if that has changed meanwhile', async () => {
      const { rig, set, plug, states, actives } = await open();
      if (plug === null) return;
      await plug.unplug();
      await rig.until('unplugged', () => states.at(-1)?.ok === false);
      set(true);
      await rig.settle();
      expect(actives()).toEqual([false]);
      await plug.replug();
      await rig.until('active', () => actives().at(-1) === true);
      expect(states.map((state) => state.ok)).toEqual([true, false, true]);
    });

    test('closed it is silent and leaves no timer', async () => {
      const { rig, port, set, levels, states } = await open();
      await port.close();
      await port.close();
      set(true);
      await rig.settle();
      expect(levels).toHaveLength(1);
      expect(states).toHaveLength(1);
    });
  });
}
