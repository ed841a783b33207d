// A unit and its hub, with a line between them that is flushed by hand. What was recorded reaches the hub once; what the
// hub has reaches the unit whole; what isn't the hub's is refused; and a door in use is never kept waiting.
import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { err, ok, type Result } from '../../main/core/result.ts';
import type { Change } from '../wire/entities.ts';
import type { CommandPayload } from '../wire/from-hub.ts';
import { WIRE } from '../wire/limits.ts';
import { Link } from './link.ts';
import { CODE, ReferenceHub } from './test-hub.ts';
import { ADDRESS, HandNetwork, MapReplica, makeKey, NO_READER, rowKey } from './testing.ts';

const DAY_MS = 86_400_000;
const program = (id: string, name = id): Change => ({ kind: 'program', id, position: 0, body: { id, name } });

/** One unit, one hub, one network. */
class Bench {
  readonly clock = new VirtualClock();
  readonly hub = new ReferenceHub(this.clock);
  readonly network = new HandNetwork();
  readonly replica: MapReplica;
  readonly told: string[] = [];
  readonly commands: [string, CommandPayload][] = [];
  readonly changes: string[] = [];
  readonly hubTimes: number[] = [];
  isQuiet = true;
  putBack = false;
  answer: Result<string, string> = ok('done');
  readonly link: Link;

  constructor(replica = new MapReplica('u1')) {
    this.replica = replica;
    this.network.answer = (line) => this.hub.accept(line);
    let nonces = 0;
    this.link = new Link({
      clock: this.clock,
      replica: this.replica,
      remote: {
        command: (id, payload) => {
          this.commands.push([id, payload]);
          return Promise.resolve(this.answer);
        },
        hubTime: (at) => this.hubTimes.push(at),
        putBack: () => this.putBack,
        changed: (what) => this.changes.push(what),
      },
      dialer: this.network,
      reader: NO_READER,
      chance: {
        nonce: () => {
          nonces += 1;
          return String(nonces).padStart(22, 'N');
        },
        real: () => 0,
      },
      address: ADDRESS,
      quiet: () => this.isQuiet,
      tell: (line) => this.told.push(line),
      changed: () => undefined,
    });
  }

  async paired(): Promise<this> {
    const pairing = this.link.pair({ address: ADDRESS, code: CODE, name: 'Front' });
    await this.settle();
    expect(await pairing).toEqual(ok('t'));
    this.link.start();
    await this.settle();
    return this;
  }

  /** Lets everything reach the other side until nobody says anything more. */
  async settle(ms = 20): Promise<void> {
    for (let round = 0; round < 40; round += 1) {
      await this.clock.advance(ms / 40);
      for (const line of this.network.lines) {
        line.flushUp();
        line.flushDown();
      }
    }
    await this.clock.advance(0);
  }

  /** Time, with the line flushed each second. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1_000) {
      await this.clock.advance(Math.min(1_000, left));
      await this.settle(0);
    }
    await this.settle();
  }
}

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

describe('pairing', () => {
  test('makes the unit’s key known to the hub, and the hub’s to the unit', async () => {
    await bench.paired();
    expect(bench.hub.units.get('u1')).toBe(bench.replica.publicKey());
    expect(bench.replica.pairing()).toMatchObject({ tenant: 't', hubKey: bench.hub.key.publicKey, url: ADDRESS.url });
    expect(bench.link.report().state).toMatchObject({ at: 'live' });
  });

  test('without it the link does nothing', async () => {
    bench.link.start();
    await bench.pass(5_000);
    expect(bench.network.lines).toEqual([]);
    expect(bench.link.report().state).toEqual({ at: 'unpaired' });
  });

  test('says what to do where the code is none, or nobody is there', async () => {
    const wrong = bench.link.pair({ address: ADDRESS, code: 'NOTTHISONE', name: 'Front' });
    await bench.settle();
    expect(await wrong).toEqual(err('the hub pairs nothing with this code: it is unknown'));
    bench.network.answer = null;
    const alone = bench.link.pair({ address: ADDRESS, code: CODE, name: 'Front' });
    await bench.settle();
    const text = /^the hub can’t be reached: .*: is the address right, and the hub running\?$/;
    expect(await alone).toMatchObject({ ok: false, error: expect.stringMatching(text) });
    expect(bench.replica.pairing()).toBeNull();
  });

  test('a hub that doesn’t prove the key that it brings is not believed', async () => {
    const { publicKey } = makeKey();
    Object.assign(bench.hub.key, { publicKey });
    const pairing = bench.link.pair({ address: ADDRESS, code: CODE, name: 'Front' });
    await bench.settle();
    expect(await pairing).toEqual(err('the hub did not prove its key: pair nothing with it'));
    expect(bench.replica.pairing()).toBeNull();
  });
});

describe('the record goes up', () => {
  test('whole and once, in parts, and counts as there only when the hub has said so', async () => {
    for (let count = 0; count < 30; count += 1) bench.replica.record(true);
    await bench.paired();
    expect(bench.hub.record('u1', 1)).toEqual(bench.replica.bodies);
    await bench.pass(1_000);
    expect(bench.replica.acked).toBe(30);
    expect(bench.link.report().queue).toBe(0);
  });

  test('an event goes up at once, while the hub is there', async () => {
    await bench.paired();
    bench.replica.record(false);
    bench.link.recorded();
    await bench.settle();
    expect(bench.hub.record('u1', 1)).toHaveLength(1);
  });

  test('what was not said to be durable is sent again on the next connection', async () => {
    await bench.paired();
    bench.replica.record(true);
    bench.link.recorded();
    await bench.clock.advance(20);
    bench.network.line.cut();
    expect(bench.hub.record('u1', 1)).toEqual([]);
    await bench.pass(3_000);
    expect(bench.hub.record('u1', 1)).toEqual(bench.replica.bodies);
  });

  test('a hub that was restored from a copy gets again what it has lost', async () => {
    for (let count = 0; count < 20; count += 1) bench.replica.record(true);
    await bench.paired();
    await bench.pass(1_000);
    expect(bench.replica.acked).toBe(20);
    bench.hub.records.set('u1/1', bench.replica.bodies.slice(0, 6));
    bench.network.line.cut();
    await bench.pass(3_000);
    expect(bench.hub.record('u1', 1)).toEqual(bench.replica.bodies);
    expect(bench.replica.acked).toBe(20);
  });

  test.each([
    ['begins a new epoch nothing more goes up under its old numbers', true, 0],
    ['cannot begin one the hub keeps both under one number', false, 1],
  ])('where a unit that was put back to a copy %s', async (_, putBack, contradictions) => {
    for (let count = 0; count < 5; count += 1) bench.replica.record(true);
    await bench.paired();
    await bench.pass(1_000);
    const former = [...bench.hub.record('u1', 1)];
    bench.network.line.cut();
    bench.replica.bodies.splice(3);
    bench.replica.record(false);
    bench.putBack = putBack;
    await bench.pass(3_000);
    bench.replica.record(false);
    bench.link.recorded();
    await bench.pass(1_000);
    expect(bench.hub.record('u1', 1)).toEqual(former);
    expect(bench.hub.contradictions).toBe(contradictions);
  });

  test('a hub that takes nothing of what it asks for is left alone for a while', async () => {
    bench.replica.record(true);
    await bench.paired();
    Object.assign(bench.hub.session, {
      said: () => bench.hub.session.say({ type: 'acknowledged', unit: 'u1', epoch: 1, seq: 1 }),
    });
    for (let count = 0; count < 40; count += 1) bench.replica.record(true);
    bench.link.recorded();
    await bench.settle(400);
    expect(bench.network.line.ended).toContain('takes none of the events');
  });

  test('a door in use holds it back for a moment, and not for ever', async () => {
    await bench.paired();
    bench.isQuiet = false;
    bench.replica.record(true);
    bench.link.recorded();
    await bench.settle(200);
    expect(bench.hub.record('u1', 1)).toEqual([]);
    await bench.settle(200);
    expect(bench.hub.record('u1', 1)).toHaveLength(1);
  });

  test('what was made here for the hub is handed over until the hub has it', async () => {
    bench.replica.handed.push({ id: 'h1', kind: 'provisional-card', body: '{}' });
    await bench.paired();
    await bench.settle();
    expect(bench.replica.handed).toEqual([]);
  });

  test('what stands for it here stays until the hub’s own row has come', async () => {
    await bench.paired();
    bench.hub.session.say({ type: 'taken', ids: ['h0'], revision: 0 });
    bench.replica.handed.push({ id: 'h1', kind: 'provisional-card', body: '{}' });
    bench.hub.takenWith = bench.hub.revision + 1;
    bench.link.recorded();
    await bench.settle();
    expect(bench.hub.session.heard.filter(({ type }) => type === 'handover')).toHaveLength(1);
    expect(bench.replica.handed).toHaveLength(1);
    bench.hub.change([program('a')]);
    await bench.settle();
    expect(bench.replica.handed).toEqual([]);
  });
});

describe('rows come down', () => {
  test('a snapshot first, then each change', async () => {
    bench.hub.change([program('a'), program('b')]);
    await bench.paired();
    expect([...bench.replica.rows.keys()]).toEqual(['program a', 'program b']);
    bench.hub.change([program('a', 'other'), { ...program('b'), body: null } as Change]);
    await bench.settle();
    expect([...bench.replica.rows.values()]).toEqual([program('a', 'other')]);
    expect(bench.changes).toEqual(['all', 'all']);
    const applied = bench.hub.session.heard.filter(({ type }) => type === 'applied');
    expect(applied).toEqual([1, 2].map((revision) => ({ type: 'applied', revision })));
  });

  test('one that was cut off goes on where it was', async () => {
    bench.hub.change(Array.from({ length: 12 }, (_, index) => program(`p${10 + index}`)));
    await bench.paired();
    bench.replica.revision = 0;
    bench.network.line.cut();
    await bench.clock.advance(600);
    const { line } = bench.network;
    line.flushDown();
    await bench.clock.advance(2);
    line.flushUp();
    line.flushDown(1);
    await bench.clock.advance(2);
    line.flushUp();
    // Snapshot, and two of its three parts.
    line.flushDown(3);
    await bench.clock.advance(20);
    expect(bench.link.report().state).toEqual({ at: 'snapshot', rows: 8, of: 12 });
    line.cut();
    await bench.pass(3_000);
    const pull = bench.hub.session.heard.find(({ type }) => type === 'pull');
    expect(pull).toMatchObject({ resume: { revision: 1, cursor: expect.stringContaining('p17') } });
    expect(bench.replica.rows.size).toBe(12);
    expect(bench.link.report().state).toMatchObject({ at: 'live' });
  });

  test.each(['a snapshot', 'a delta'])(
    '%s of which nothing comes any more is given up, whatever else is said',
    async (what) => {
      bench.hub.change(Array.from({ length: 12 }, (_, index) => program(`p${10 + index}`)));
      await bench.paired();
      const { session } = bench.hub;
      const { line } = bench.network;
      if (what === 'a snapshot') session.say({ type: 'snapshot', revision: 1, rows: 12, resumed: false });
      else session.say({ type: 'delta', from: 1, to: 2, changes: [program('new')], last: false });
      await bench.pass(30_000);
      expect(line.isOpen).toBe(true);
      await bench.pass(60_000);
      expect(line.isOpen).toBe(false);
      expect(bench.told.findLast((text) => text.startsWith('no hub'))).toContain('in the midst of its rows');
      // What was here decides, and the next connection brings the rest.
      bench.hub.change([program('later')]);
      await bench.pass(3_000);
      expect(bench.replica.rows.size).toBe(13);
      expect(bench.link.report().state).toMatchObject({ at: 'live' });
    },
  );

  test('a snapshot that comes slowly is no such one', async () => {
    await bench.paired();
    const { session } = bench.hub;
    const { line } = bench.network;
    session.say({ type: 'snapshot', revision: 1, rows: 12, resumed: false });
    for (let at = 0; at < 6; at += 1) {
      await bench.pass(50_000);
      session.say({ type: 'rows', changes: [program(`p${at}`)], cursor: `p${at}` });
    }
    expect(line.isOpen).toBe(true);
  });

  test('data that can’t be used is said so, and asked for again later', async () => {
    bench.hub.change([program('a')]);
    bench.replica.trouble = ['plans.0: is not there'];
    await bench.paired();
    expect(bench.told.at(-1)).toContain('plans.0: is not there');
    expect(bench.replica.rows.size).toBe(0);
    bench.replica.trouble = [];
    await bench.pass(61_000);
    expect(bench.replica.rows.size).toBe(1);
  });

  test('a change that doesn’t go on from here is asked for from here', async () => {
    bench.hub.change([program('a')]);
    await bench.paired();
    bench.hub.session.say({ type: 'delta', from: 5, to: 6, changes: [program('x')], last: true });
    await bench.settle();
    expect(bench.replica.rows.has('program x')).toBe(false);
    expect(bench.hub.session.heard.at(-1)).toEqual({ type: 'pull', since: 1, resume: null });
  });

  test('what comes in parts is applied with its last, or not at all', async () => {
    bench.hub.change([program('a')]);
    await bench.paired();
    bench.hub.session.say({ type: 'delta', from: 1, to: 2, changes: [program('b')], last: false });
    await bench.settle();
    expect(bench.replica.rows.size).toBe(1);
    bench.hub.session.say({ type: 'delta', from: 1, to: 2, changes: [program('c')], last: true });
    await bench.settle();
    expect([...bench.replica.rows.keys()]).toEqual(['program a', 'program b', 'program c']);
  });

  test('of a hub that knows less than the unit everything is taken anew', async () => {
    for (const id of ['a', 'b', 'c']) bench.hub.change([program(id)]);
    await bench.paired();
    bench.hub.rows.delete(rowKey(program('c')));
    bench.hub.revision = 2;
    bench.network.line.cut();
    await bench.pass(3_000);
    expect(bench.hub.session.heard).toContainEqual({ type: 'pull', since: 0, resume: null });
    expect([...bench.replica.rows.keys()]).toEqual(['program a', 'program b']);
    expect(bench.replica.revision).toBe(2);
  });

  test('what was not done when the connection ended is not done after', async () => {
    bench.hub.change([program('a')]);
    await bench.paired();
    bench.isQuiet = false;
    bench.hub.change([program('b')]);
    await bench.clock.advance(1);
    bench.network.line.flushDown();
    await bench.clock.advance(5);
    bench.network.answer = null;
    bench.network.line.cut();
    bench.isQuiet = true;
    await bench.clock.advance(100);
    expect(bench.replica.rows.size).toBe(1);
  });

  test('a refused member is asked for at once, thrice a minute at most', async () => {
    await bench.paired();
    for (let count = 0; count < 5; count += 1) bench.link.refresh('m1', null);
    bench.link.refresh('m2', null);
    await bench.settle();
    const asked = () => bench.hub.session.heard.filter(({ type }) => type === 'refresh').length;
    expect(asked()).toBe(4);
    await bench.pass(60_000);
    bench.link.refresh('m1', null);
    await bench.settle();
    expect(asked()).toBe(5);
  });
});

describe('the line', () => {
  test('that is gone is tried again with growing pauses', async () => {
    await bench.paired();
    bench.network.answer = null;
    const before = bench.network.lines.length;
    bench.network.line.cut();
    await bench.pass(240_000);
    const tries = bench.network.lines.length - before;
    // 0.5, 1, 2, 4, 8, 16, 30, 30 … seconds, with the chance that the test has chosen.
    expect(tries).toBeGreaterThan(9);
    expect(tries).toBeLessThan(15);
    expect(bench.link.report().state).toMatchObject({ at: 'away' });
    bench.network.answer = (line) => bench.hub.accept(line);
    await bench.pass(61_000);
    expect(bench.link.report().state).toMatchObject({ at: 'live' });
  });

  test('that says nothing is given up, and one that answers pings is kept', async () => {
    await bench.paired();
    const { line } = bench.network;
    await bench.pass(120_000);
    expect(line.isOpen).toBe(true);
    await bench.clock.advance(WIRE.silenceMs * 1.5);
    expect(line.isOpen).toBe(false);
    expect(bench.told.at(-1)).toContain('fell silent');
  });

  test('on which no hub greets is given up', async () => {
    await bench.paired();
    bench.network.answer = () => ({ said: () => undefined, closed: () => undefined });
    bench.network.line.cut();
    await bench.clock.advance(500);
    const { line } = bench.network;
    await bench.clock.advance(WIRE.greetingMs + 1);
    expect(line.ended).toBe('lost');
  });

  test('a hub that says that this unit is unknown is asked again after a quarter of an hour', async () => {
    await bench.paired();
    bench.hub.session.say({ type: 'goodbye', why: 'unknown-unit', detail: 'no' });
    await bench.settle();
    const before = bench.network.lines.length;
    await bench.pass(7 * 60_000);
    expect(bench.network.lines.length).toBe(before);
    await bench.pass(60_000);
    expect(bench.network.lines.length).toBe(before + 1);
  });

  test('tells how old the data is, and the hub’s time', async () => {
    bench.hub.change([program('a')]);
    await bench.paired();
    expect(bench.hubTimes).toHaveLength(1);
    await bench.pass(15_000);
    expect(bench.link.report().freshMs).toBeLessThan(16_000);
    bench.network.answer = null;
    bench.network.line.cut();
    await bench.clock.advance(3_600_000);
    expect(bench.link.report().freshMs).toBeGreaterThanOrEqual(3_600_000);
  });

  test('is made anew where the time is in doubt', async () => {
    await bench.paired();
    bench.link.renew();
    await bench.settle();
    expect(bench.hubTimes).toHaveLength(2);
    expect(bench.link.report().state).toMatchObject({ at: 'live' });
  });

  test('where the store fails it is left, and comes back when the store works', async () => {
    await bench.paired();
    bench.replica.broken = Object.assign(new Error('disk full: secret'), { code: 'SQLITE_FULL' });
    bench.hub.change([program('a')]);
    await bench.settle();
    expect(bench.told.at(-1)).toContain('(SQLITE_FULL)');
    expect(bench.told.join()).not.toContain('secret');
    bench.replica.broken = null;
    await bench.pass(5_000);
    expect(bench.replica.rows.size).toBe(1);
  });
});

describe('a command', () => {
  const open: CommandPayload = { do: 'open', doorId: 'front', by: 'ana' };

  test('is run, and its end is told', async () => {
    await bench.paired();
    bench.hub.session.command('c1', open);
    await bench.settle();
    expect(bench.commands).toEqual([['c1', open]]);
    expect(bench.hub.session.heard.at(-1)).toEqual({ type: 'done', id: 'c1', ok: true, detail: 'done' });
  });

  test('is run once, however often it comes, on this connection and the next', async () => {
    await bench.paired();
    for (let count = 0; count < 3; count += 1) bench.hub.session.command('c1', open);
    await bench.settle();
    bench.network.line.cut();
    await bench.pass(3_000);
    bench.hub.session.command('c1', open);
    await bench.settle();
    expect(bench.commands).toHaveLength(1);
    expect(bench.hub.session.heard.at(-1)).toEqual({ type: 'done', id: 'c1', ok: true, detail: 'done' });
  });

  test('that the unit refuses is said to be refused', async () => {
    await bench.paired();
    bench.answer = err('a fire hold stands');
    bench.hub.session.command('c1', open);
    await bench.settle();
    expect(bench.hub.session.heard.at(-1)).toMatchObject({ ok: false, detail: 'a fire hold stands' });
  });

  test.each([
    ['another connection', { nonce: 'x'.repeat(22) }],
    ['another unit', { unit: 'u2' }],
    ['another time', { at: 1 }],
  ])('for %s is not run, and ends the connection', async (_, more) => {
    await bench.paired();
    const { line } = bench.network;
    bench.hub.session.command('c1', open, more);
    await bench.settle();
    expect(bench.commands).toEqual([]);
    expect(line.ended).toContain('without the hub’s proof');
  });

  // The line is thin, and rows stand before it: the operator has turned to something else, and so has whoever waited.
  test.each([
    ['on its way', async () => bench.clock.advance(WIRE.commandMs + 1)],
    [
      'on its way, the clock at the door set meanwhile',
      async () => {
        bench.clock.setWall(bench.clock.wall() - DAY_MS);
        await bench.clock.advance(WIRE.commandMs + 1);
      },
    ],
  ])('that was long %s is not run, and said so', async (_, wait) => {
    await bench.paired();
    bench.hub.session.command('c1', open);
    await wait();
    await bench.settle(40);
    expect(bench.commands).toEqual([]);
    expect(bench.hub.session.heard.at(-1)).toMatchObject({
      id: 'c1',
      ok: false,
      detail: expect.stringContaining('late'),
    });
  });

  test('that comes within seconds is run, however long the connection has stood', async () => {
    await bench.paired();
    await bench.pass(3_600_000);
    bench.hub.session.command('c1', open);
    await bench.clock.advance(5_000);
    await bench.settle();
    expect(bench.commands).toHaveLength(1);
  });

  test('that nobody has signed is not run', async () => {
    await bench.paired();
    const proof = makeKey().sign('x');
    const at = bench.clock.wall();
    bench.hub.session.say({ type: 'command', id: 'c1', command: JSON.stringify(open), at, proof });
    await bench.settle();
    expect(bench.commands).toEqual([]);
  });

  test('that the unit doesn’t know is answered', async () => {
    await bench.paired();
    bench.hub.session.command('c1', { do: 'fly', by: 'ana' } as never);
    await bench.settle();
    expect(bench.commands).toEqual([]);
    expect(bench.hub.session.heard.at(-1)).toMatchObject({ id: 'c1', ok: false });
  });
});

describe('a revoked unit', () => {
  test('wipes its members after two notices a day apart, and keeps its record', async () => {
    bench.hub.change([program('a')]);
    await bench.paired();
    const first = bench.clock.wall();
    bench.hub.session.revoke(1, first);
    await bench.settle();
    expect(bench.link.report().state).toEqual({ at: 'revoked', firstAt: first });
    bench.hub.session.revoke(2, first + DAY_MS - 1);
    await bench.settle();
    expect(bench.replica.wiped).toBe(false);
    bench.hub.session.revoke(2, first + DAY_MS);
    await bench.settle();
    expect(bench.replica.wiped).toBe(true);
    expect(bench.changes.at(-1)).toBe('all');
  });

  test('a second notice alone wipes nothing, nor does one that the hub hasn’t signed', async () => {
    await bench.paired();
    bench.hub.session.revoke(2, bench.clock.wall() + 2 * DAY_MS);
    await bench.settle();
    bench.hub.session.say({ type: 'revoked', notice: 1, hubTime: 1, proof: makeKey().sign('x') });
    await bench.settle();
    expect(bench.replica.wiped).toBe(false);
  });

  test('can be wiped on site at once, also after a restart; one that is not revoked can’t', async () => {
    await bench.paired();
    expect(bench.link.wipe()).toBe(false);
    bench.hub.session.revoke(1, bench.clock.wall());
    await bench.settle();
    const later = new Bench(bench.replica);
    expect(later.link.report().state).toMatchObject({ at: 'revoked' });
    expect(later.link.wipe()).toBe(true);
    await later.settle();
    expect(later.changes).toEqual(['all']);
    expect(bench.replica.wiped).toBe(true);
  });

  // Its disk was put back to a copy of before, and the hub, which has said the first one, doesn't say it again.
  test('that knows of no first notice counts the day from the one that comes', async () => {
    await bench.paired();
    const start = bench.clock.wall();
    bench.hub.session.revoke(2, start);
    await bench.settle();
    expect(bench.link.report().state).toEqual({ at: 'revoked', firstAt: start });
    bench.hub.session.revoke(2, start + DAY_MS);
    await bench.settle();
    expect(bench.replica.wiped).toBe(true);
  });

  test('that the hub takes back, and revokes again, is wiped a day after that', async () => {
    await bench.paired();
    const start = bench.clock.wall();
    for (const [notice, at] of [
      [1, 0],
      [2, DAY_MS],
    ] as const) {
      bench.hub.session.revoke(notice, start + at);
      await bench.settle();
    }
    expect(bench.replica.wiped).toBe(true);
    bench.replica.wiped = false;
    bench.network.line.cut();
    await bench.pass(3_000);
    expect(bench.link.report().state).toMatchObject({ at: 'live' });
    const again = start + 30 * DAY_MS;
    for (const [notice, at] of [
      [1, 0],
      [2, DAY_MS - 1],
    ] as const) {
      bench.hub.session.revoke(notice, again + at);
      await bench.settle();
    }
    expect(bench.replica.wiped).toBe(false);
    bench.hub.session.revoke(2, again + DAY_MS);
    await bench.settle();
    expect(bench.replica.wiped).toBe(true);
  });
});

describe('a hub that is none', () => {
  test('with another key gets no event and changes nothing', async () => {
    await bench.paired();
    bench.replica.record(true);
    bench.network.line.cut();
    Object.assign(bench.hub.key, makeKey());
    await bench.pass(2_000);
    expect(bench.told.join()).toContain('is not the one that this unit was paired with');
    expect(bench.hub.record('u1', 1)).toEqual([]);
  });

  test.each([
    ['a delta', { type: 'delta', from: 0, to: 1, changes: [], last: true }],
    ['a snapshot', { type: 'snapshot', revision: 1, rows: 0, resumed: false }],
    ['a command', { type: 'command', id: 'c', command: '{}', at: 1, proof: 'p'.repeat(86) }],
    ['an acknowledgement', { type: 'acknowledged', unit: 'u1', epoch: 1, seq: 1 }],
  ] as const)('that sends %s before its proof is not heard', async (_, message) => {
    await bench.paired();
    bench.network.answer = (line) => {
      line.toUnit.push(
        JSON.stringify({ type: 'challenge', version: 1, nonce: 'n'.repeat(22) }),
        JSON.stringify(message),
      );
      return { said: () => undefined, closed: () => undefined };
    };
    bench.network.line.cut();
    await bench.pass(1_000);
    expect(bench.network.line.ended).toContain('before it had proven who it is');
  });

  test.each([
    ['no JSON', '{'],
    ['too large', ' '.repeat(WIRE.messageBytes + 1)],
    ['too deep', '['.repeat(1_000)],
    ['not of the protocol', '{"type":"open","doorId":"front"}'],
    [
      'rows without a snapshot',
      '{"type":"rows","changes":[{"kind":"program","id":"a","position":0,"body":null}],"cursor":""}',
    ],
    ['a snapshot’s end alone', '{"type":"snapshot-end","revision":9,"knows":[]}'],
    ['a second welcome', JSON.stringify({ type: 'challenge', version: 1, nonce: 'n'.repeat(22) })],
  ])('that says what is %s is hung up on', async (_, text) => {
    await bench.paired();
    const { line } = bench.network;
    bench.hub.session.sayText(text);
    await bench.settle();
    expect(line.isOpen).toBe(false);
    expect(bench.link.report().state).toMatchObject({ at: 'away' });
  });

  test('that floods is hung up on', async () => {
    await bench.paired();
    const { line } = bench.network;
    for (let count = 0; count < 2_100; count += 1) bench.hub.session.say({ type: 'pong', hubTime: 1 });
    line.flushDown();
    expect(line.isOpen).toBe(false);
    expect(bench.told.at(-1)).toContain('too-many');
  });

  test('that says more than can be done at once is told to wait', async () => {
    await bench.paired();
    const { line } = bench.network;
    bench.isQuiet = false;
    bench.hub.session.say({ type: 'snapshot', revision: 9, rows: 1, resumed: false });
    const changes = Array.from({ length: 500 }, (_, index) => program(`p${index}`, 'x'.repeat(100)));
    for (let part = 0; part < 20; part += 1) bench.hub.session.say({ type: 'rows', changes, cursor: String(part) });
    line.flushDown();
    await bench.clock.advance(10);
    expect(line.isListening).toBe(false);
    bench.isQuiet = true;
    await bench.clock.advance(200);
    expect(line.isListening).toBe(true);
  });
});
