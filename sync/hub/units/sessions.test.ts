// Thousands of units hang on one process. Whoever says nothing, too much, or what has no place is told why and cut off,
// and no other unit notices; a slow one holds back itself alone.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { Identity, plainEvent } from '../../conformance/unit.ts';
import { WIRE } from '../../wire/limits.ts';
import { pairedUnit, type TestHub, TestUnit, testHub } from '../testing.ts';
import { HUB_LIMITS } from './limits.ts';
import { enter } from './test-enter.ts';

let clock: VirtualClock;
let hub: TestHub;
beforeEach(async () => {
  clock = new VirtualClock();
  hub = await testHub(clock);
});
afterEach(() => hub.close());

async function online(name: string, at: { tenant?: string; site?: string } = {}): Promise<TestUnit> {
  const unit = await pairedUnit(hub, name, at);
  await enter(unit);
  return unit;
}

const PING = { type: 'ping', at: 1, queued: 0 };

describe('cut off with a reason:', () => {
  test('who doesn’t greet', async () => {
    const unit = new TestUnit(hub, new Identity());
    unit.call();
    await clock.advance(WIRE.greetingMs);
    expect(unit.goodbye).toBeNull();
    await clock.advance(2_000);
    expect(unit.goodbye).toBe('too-slow');
    expect(unit.socket.isEnded).toBe(true);
    expect(hub.units.connections).toBe(0);
  });

  test('who is silent; a ping keeps it alive', async () => {
    const [quiet, lively] = [await online('quiet'), await online('lively')];
    for (let at = 0; at < 4; at += 1) {
      await clock.advance(WIRE.silenceMs / 2);
      lively.say(PING);
      await vi.waitFor(() => expect(lively.all('pong')).toHaveLength(at + 1));
    }
    expect(quiet.goodbye).toBe('too-slow');
    expect(lively.goodbye).toBeNull();
  });

  test('who sends too many messages, and the others go on', async () => {
    const [flood, other] = [await online('flood'), await online('other')];
    for (let at = 0; at <= HUB_LIMITS.messagesAtOnce; at += 1) flood.say(PING);
    expect(flood.goodbye).toBe('too-many');
    other.say(PING);
    await vi.waitFor(() => expect(other.all('pong')).toHaveLength(1));
  });

  test('who sends too many bytes', async () => {
    const unit = await online('fat');
    const text = `${' '.repeat(WIRE.messageBytes - 100)}${JSON.stringify(PING)}`;
    for (let at = 0; at < 100; at += 1) unit.session?.receive(text);
    expect(unit.goodbye).toBe('too-many');
  });

  test('who takes nothing of what is sent', async () => {
    const unit = await online('stuck');
    unit.socket.flow = false;
    for (let at = 0; at < 3; at += 1) {
      unit.say(PING);
      await clock.advance(HUB_LIMITS.stuckMs / 2);
    }
    expect(unit.socket.isCut).toBe(true);
  });

  // A snapshot takes one of a few places: whoever takes a byte now and then must not keep it from the others.
  test('who takes so little of its rows that they never end', async () => {
    const unit = await online('drip');
    unit.socket.flow = false;
    void unit.session?.sendPaced(JSON.stringify({ type: 'pong', hubTime: 1 }));
    const least = HUB_LIMITS.stuckMs / 2;
    for (let left = HUB_LIMITS.partMs + 2 * least; left > 0; left -= least) {
      // What is ahead of it goes out, a little at a time.
      unit.say(PING);
      await clock.advance(least);
      unit.socket.dripped += 1;
      if (left > 4 * least) expect(unit.socket.isCut).toBe(false);
    }
    expect(unit.socket.isCut).toBe(true);
  });

  test('a hello that was heard on another connection', async () => {
    const unit = await online('one');
    const heard = unit.hello();
    unit.call();
    unit.say(heard);
    await vi.waitFor(() => expect(unit.goodbye).toBe('proof'));
  });

  test('too many from one address, and as many strangers', async () => {
    const units = Array.from({ length: HUB_LIMITS.strangersPerAddress + 1 }, () => new TestUnit(hub, new Identity()));
    for (const unit of units) unit.call('192.0.2.7');
    expect(units.map(({ goodbye }) => goodbye).filter((why) => why === 'too-many')).toHaveLength(1);
    const other = new TestUnit(hub, new Identity());
    other.call('192.0.2.8');
    expect(other.goodbye).toBeNull();
  });

  test('events of a unit of another site or tenant', async () => {
    const [unit, far, foreign] = [
      await online('one'),
      await pairedUnit(hub, 'far', { site: 'osaka' }),
      await pairedUnit(hub, 'foreign', { tenant: 'other' }),
    ];
    for (const { identity } of [far, foreign]) {
      unit.call();
      unit.say(unit.hello());
      unit.say(identity.events(1, [plainEvent(1)]));
      await vi.waitFor(() => expect(unit.goodbye).toBe('not-expected'));
    }
    expect(await hub.store.events('other', null, null, 10)).toEqual([]);
  });
});

test('of two connections of a unit the newer stays', async () => {
  const unit = await online('twice');
  const older = unit.socket;
  unit.call();
  unit.say(unit.hello());
  await vi.waitFor(() => expect(older.said.at(-1)).toMatchObject({ type: 'goodbye', why: 'not-expected' }));
  unit.say(PING);
  await vi.waitFor(() => expect(unit.all('pong')).toHaveLength(1));
});

test('a connection that sends faster than the store takes is read no further until it has caught up', async () => {
  const unit = await online('fast');
  for (let at = 0; at < HUB_LIMITS.waitingMessages + 5; at += 1)
    unit.say({ type: 'refresh', memberId: 'm', right: null });
  expect(unit.socket.isPaused).toBe(true);
  await vi.waitFor(() => expect(unit.socket.isPaused).toBe(false));
});

test('a revoked unit gets its notice at once, and the second one a day after it was told', async () => {
  const unit = await online('lost');
  const start = clock.wall();
  await hub.store.revoke('gym', 'lost', start);
  const notice = async () => {
    unit.call();
    unit.say(unit.hello());
    await vi.waitFor(() => expect(unit.goodbye).toBe('revoked'));
    return unit.all('revoked')[0]?.notice;
  };
  // Nobody could tell it for two days.
  clock.setWall(start + 2 * HUB_LIMITS.noticeMs);
  expect(await notice()).toBe(1);
  clock.setWall(start + 3 * HUB_LIMITS.noticeMs - 1_000);
  expect(await notice()).toBe(1);
  clock.setWall(start + 3 * HUB_LIMITS.noticeMs);
  expect(await notice()).toBe(2);
});

test('a unit whose revocation nobody has heard of, as in an outage of the database, is told all the same', async () => {
  const [unit, other] = [await online('unheard'), await online('kept')];
  await hub.store.revoke('gym', 'unheard', clock.wall());
  expect(unit.goodbye).toBeNull();
  await clock.advance(HUB_LIMITS.revokedLookMs);
  await vi.waitFor(() => expect(unit.goodbye).toBe('revoked'));
  expect(unit.all('revoked')).toMatchObject([{ notice: 1 }]);
  expect(other.goodbye).toBeNull();
});
