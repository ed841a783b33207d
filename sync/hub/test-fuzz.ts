/**
 * Messages that a unit could send, changed a little, against the whole of a hub: sessions, store, commits. Whatever
 * comes, the hub answers or says goodbye, serves the others, and another tenant's data stays as it was.
 */

import { Chance } from '../../build/soak/chance.ts';
import { heapNow } from '../../build/soak/heap.ts';
import { damaged, mutatedValue } from '../../build/soak/mutation.ts';
import { SystemClock } from '../../device/clock/system.ts';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { plainEvent } from '../conformance/unit.ts';
import { parseToHub } from '../wire/parse.ts';
import { gym } from './store/testing.ts';
import { pairedUnit, type TestUnit, testHub } from './testing.ts';

export interface HubFuzzReport {
  readonly inputs: number;
  /** Were messages of the protocol. */
  readonly framed: number;
  readonly findings: readonly string[];
  readonly heapGrowthBytes: number;
}

/** Every so many turns of the event loop the hub's time goes on, so that gathered events are committed. */
const TURNS = 20;
const STEP_MS = 10;
const PATIENCE_MS = 10_000;
const machine = new SystemClock();

export async function fuzzHub(inputs: number, seed: number): Promise<HubFuzzReport> {
  const chance = new Chance(seed);
  const clock = new VirtualClock();
  const failures: string[] = [];
  const hub = await testHub(clock, {
    messagesPerSecond: 1e9,
    messagesAtOnce: 1e9,
    bytesAtOnce: 1e12,
    bytesPerSecond: 1e12,
  });
  try {
    const [unit, peer, foreign] = [
      await pairedUnit(hub, 'fuzz'),
      await pairedUnit(hub, 'peer'),
      await pairedUnit(hub, 'foreign', { tenant: 'other' }),
    ];
    await hub.store.importSite('gym', gym(), 'test', 0);
    await hub.store.importSite('other', gym(), 'test', 0);
    const before = await hub.store.digest('other');
    const heap = heapNow();
    let framed = 0;
    for (let at = 0; at < inputs; at += 1) {
      if (unit.session === null || unit.session.isOver) await greet(unit, clock);
      const text = messageOf(unit, peer, foreign, chance, at);
      if (parseToHub(text).ok) framed += 1;
      unit.session?.receive(text);
      const why = await answered(unit, clock);
      if (why !== null) failures.push(`seed ${seed}, input ${at}: ${why}`);
      unit.socket.said.length = 0;
      unit.socket.texts.length = 0;
    }
    if ((await hub.store.digest('other')) !== before) failures.push(`seed ${seed}: another tenant's data changed`);
    return { inputs, framed, findings: failures, heapGrowthBytes: heapNow() - heap };
  } finally {
    await hub.close();
  }
}

async function greet(unit: TestUnit, clock: VirtualClock): Promise<void> {
  unit.call();
  unit.say(unit.hello());
  await until(clock, () => unit.all('welcome').length > 0);
}

/** What a unit might say now, made worse; one in twenty is as it should be. */
function messageOf(unit: TestUnit, peer: TestUnit, foreign: TestUnit, chance: Chance, at: number): string {
  const { identity } = chance.pick([unit, unit, unit, peer, foreign]);
  const seq = 1 + chance.below(5);
  const right = { kind: 'ticket', ticketId: 't1' };
  const effects = {
    memberId: 'ann',
    consumed: { kind: 'band', contractId: 'c-ann', bandId: 'day', date: '2026-11-21' },
    enter: { placeId: 'gym', enteredAt: '2026-11-21T03:00:00Z', via: null },
  };
  const body = JSON.stringify(mutatedValue(JSON.parse(plainEvent(seq, { effects })), chance));
  const message = chance.pick([
    () => unit.hello(),
    () => ({ type: 'pull', since: chance.below(9), resume: chance.oneIn(2) ? null : { revision: 1, cursor: 'x' } }),
    () => identity.events(seq, [body]),
    () => ({ type: 'epoch', epoch: 1 + chance.below(3), before: { epoch: 1, seq, hash: identity.hashAt(seq) } }),
    () => ({ type: 'done', id: 'x', ok: true, detail: 'y' }),
    () => ({ type: 'refresh', memberId: 'ann', right: chance.oneIn(2) ? null : right }),
    () => ({ type: 'handover', id: `h${at % 50}`, kind: 'ticket', body }),
    () => ({ type: 'applied', revision: chance.below(99) }),
    () => ({ type: 'ping', at, queued: chance.below(9) }),
  ])();
  if (chance.oneIn(3)) return JSON.stringify(message);
  const text = JSON.stringify(mutatedValue(message, chance));
  return chance.oneIn(5) ? Buffer.from(damaged(Buffer.from(text), chance)).toString('utf8') : text;
}

/** Another word gets through after it, or it was said why not. @returns what is wrong */
async function answered(unit: TestUnit, clock: VirtualClock): Promise<string | null> {
  unit.say({ type: 'ping', at: 1, queued: 0 });
  const isDone = () => unit.goodbye !== null || unit.all('pong').length > 0;
  const isAnswered = await until(clock, isDone);
  if (unit.goodbye === 'unavailable') return 'failed inside';
  return isAnswered ? null : 'neither an answer nor a goodbye';
}

/** The hub's own timers go on; checks of signatures happen beside the event loop, in the machine's time. */
async function until(clock: VirtualClock, look: () => boolean): Promise<boolean> {
  const deadline = machine.mono() + PATIENCE_MS;
  for (let turn = 1; !look(); turn += 1) {
    if (machine.mono() > deadline) return false;
    await clock.advance(turn % TURNS === 0 ? STEP_MS : 0);
  }
  return true;
}
