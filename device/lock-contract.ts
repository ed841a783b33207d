/** What every LockPort does, over simulators and real lines. The fixture has one lock, plugged in and not yet open. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DeviceState, LockPort } from './ports.ts';
import type { Rig } from './sim/rig.ts';

export interface LockFixture {
  readonly rig: Rig;
  readonly port: LockPort;
  /** What the relay does now, as seen from outside. */
  energised(): boolean;
  unplug(): Promise<void>;
  replug(): Promise<void>;
  remove(): Promise<void>;
}

export function lockContract(name: string, make: () => Promise<LockFixture>): void {
  async function open() {
    const fixture = await make();
    const states: DeviceState[] = [];
    onTestFinished(async () => {
      await fixture.port.close();
      await fixture.remove();
    });
    fixture.port.open({ state: (state) => states.push(state) });
    const becomes = (wanted: string) =>
      fixture.rig.until(`the lock is ${wanted}`, () => {
        const state = states.at(-1);
        return (state?.ok ? 'ok' : state?.code) === wanted;
      });
    const rests = (when: string) => fixture.rig.until(`rest ${when}`, () => !fixture.energised());
    const energises = () => fixture.rig.until('energised', () => fixture.energised());
    return { ...fixture, states, becomes, rests, energises };
  }

  describe(`lock contract: ${name}`, () => {
    test('soon after it is opened it says that it is there, and rests', async () => {
      const { states, becomes, energised } = await open();
      await becomes('ok');
      expect(states).toHaveLength(1);
      expect(energised()).toBe(false);
    });

    test('it energises and rests as it is told, again and again', async () => {
      const { port, becomes, energises, rests } = await open();
      await becomes('ok');
      for (let pulse = 0; pulse < 3; pulse += 1) {
        expect(await port.set(true)).toEqual({ ok: true, value: undefined });
        await energises();
        expect(await port.set(false)).toEqual({ ok: true, value: undefined });
        await rests('after the pulse');
      }
    });

    test('commands that are not waited for arrive in order', async () => {
      const { rig, port, becomes, energises, rests } = await open();
      await becomes('ok');
      await Promise.all([port.set(true), port.set(false), port.set(true)]);
      await energises();
      await Promise.all([port.set(false), port.set(true), port.set(false)]);
      await rests('after the last command');
      await rig.settle();
    });

    test('pulled out while energised: it says so, refuses commands, and is at rest before it says ok again', async () => {
      const { port, states, becomes, energises, rests, unplug, replug } = await open();
      await becomes('ok');
      await port.set(true);
      await energises();
      await unplug();
      await becomes('unplugged');
      const refused = await port.set(true);
      expect(refused).toMatchObject({ ok: false, error: { code: 'unplugged' } });
      await replug();
      await becomes('ok');
      await rests('after the replug');
      expect(await port.set(true)).toMatchObject({ ok: true });
      await energises();
      expect(states.map((state) => (state.ok ? 'ok' : state.code))).toEqual(['ok', 'unplugged', 'ok']);
    });

    test('closed while energised it rests, refuses commands, is silent and leaves no timer', async () => {
      const { rig, port, states, becomes, energises, rests } = await open();
      await becomes('ok');
      await port.set(true);
      await energises();
      await port.close();
      await rests('after the close');
      await port.close();
      expect(await port.set(true)).toMatchObject({ ok: false });
      await rig.settle();
      expect(states).toHaveLength(1);
      expect(rig.clock.timers()).toEqual([]);
    });

    test('before it is opened it refuses commands', async () => {
      const fixture = await make();
      onTestFinished(() => fixture.remove());
      expect(await fixture.port.set(true)).toMatchObject({ ok: false });
      await fixture.rig.settle();
      expect(fixture.energised()).toBe(false);
      expect(fixture.rig.clock.timers()).toEqual([]);
    });
  });
}
