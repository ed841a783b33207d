// A technician presses "move it once": the record says so before the relay moves, the pulse ends by itself, and the screen
// shows what the lock and the leaf did and when.
import { expect, test } from 'vitest';
import type { Pulse } from '../../contract/technician.ts';
import { TestAppliance } from '../testing.ts';
import { PulseTest } from './pulse-test.ts';

async function standing(door: Readonly<Record<string, unknown>> = {}) {
  const ended: Pulse[] = [];
  let pulses: PulseTest | null = null;
  const onChange = () => pulses?.look();
  const settings = { pulseMs: 3_000, ...door };
  const appliance = await new TestAppliance(undefined, settings, 'none', undefined, { onChange }).start();
  const made = new PulseTest(appliance.clock, appliance.unit, (pulse) => ended.push(pulse));
  pulses = made;
  appliance.unit.screen.subscribe((message) => {
    if (message.kind === 'outcome') made.outcome(message.of, message.outcome);
  });
  return { appliance, pulses: made, ended };
}

test('the pulse is on record before and after, ends by itself, and shows its steps', async () => {
  const { appliance, pulses, ended } = await standing();
  expect(pulses.start('front', 'tech')).toStrictEqual({ ok: true, value: undefined });
  const [before] = appliance.events('system').slice(-1);
  expect(before?.detail).toStrictEqual({ what: 'test', part: 'lock', staffId: 'tech' });
  await appliance.clock.advance(0);
  expect(appliance.door.state().energised).toBe(true);
  await appliance.clock.advance(3_000);
  expect(appliance.door.state().energised).toBe(false);
  expect(ended).toHaveLength(1);
  expect(pulses.pulse).toMatchObject({ door: 'front', state: 'done' });
  expect(pulses.pulse?.steps.map(({ step, ms }) => [step, ms])).toStrictEqual([
    ['recorded', 0],
    ['energised', 0],
    ['rested', 3_000],
  ]);
  const [outcome, after] = appliance.events().slice(-2);
  expect(outcome).toMatchObject({ type: 'outcome', of: before?.seq, detail: { outcome: 'unused' } });
  expect(after).toMatchObject({
    type: 'system',
    of: before?.seq,
    detail: { what: 'test', ended: 'at rest', staffId: 'tech' },
  });
});

test('somebody who walks through shows as leaf open and shut', async () => {
  const { appliance, pulses } = await standing();
  expect(pulses.start('front', 'tech').ok).toBe(true);
  await appliance.clock.advance(500);
  appliance.door.open();
  await appliance.clock.advance(5_000);
  expect(pulses.pulse?.steps.map(({ step }) => step)).toStrictEqual([
    'recorded',
    'energised',
    'opened',
    'closed',
    'rested',
  ]);
});

test('a second press while it runs moves nothing more', async () => {
  const { appliance, pulses } = await standing();
  expect(pulses.start('front', 'tech').ok).toBe(true);
  expect(pulses.start('front', 'tech')).toStrictEqual({ ok: false, error: 'busy' });
  await appliance.clock.advance(5_000);
  expect(appliance.events('system').filter(({ detail }) => detail['what'] === 'test')).toHaveLength(2);
});

test('a lock that is away is not asked, and a fire is no time for tests', async () => {
  const { appliance, pulses } = await standing({ inputs: { fire: { driver: 'sim' }, contact: { driver: 'sim' } } });
  expect(pulses.start('back', 'tech')).toStrictEqual({ ok: false, error: 'no-door' });
  await appliance.plug(false);
  expect(pulses.start('front', 'tech')).toStrictEqual({ ok: false, error: 'lock' });
  appliance.inputs.fire.set(true);
  await appliance.clock.advance(0);
  expect(pulses.start('front', 'tech')).toStrictEqual({ ok: false, error: 'fire' });
  expect(appliance.events('system').filter(({ detail }) => detail['what'] === 'test')).toHaveLength(0);
});

test('a lock that is pulled out during the pulse is a failed test', async () => {
  const { appliance, pulses } = await standing();
  expect(pulses.start('front', 'tech').ok).toBe(true);
  await appliance.plug(false);
  await appliance.clock.advance(10_000);
  expect(pulses.pulse?.state).toBe('failed');
  expect(appliance.events('system').at(-1)?.detail).toMatchObject({ ended: 'failed' });
});
