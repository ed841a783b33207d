// A house with three doors, its hub away. What one door counts, the others know at once; a broken line heals without
// loss and without counting twice; and nobody who is not of the house is listened to.
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { HOUR_MS } from '../../../main/core/time/day.ts';
import { ModelHub } from '../../../main/store/test-hub.ts';
import { SyncedUnit } from '../../../main/store/test-unit.ts';
import { GYM, must, TestStore } from '../../../main/store/testing.ts';
import type { Roster } from '../../wire/entities.ts';
import { WIRE } from '../../wire/limits.ts';
import { PEER } from '../../wire/peer.ts';
import { headText, peerText } from '../../wire/signed.ts';
import { chained, genesisOf } from './chain.ts';
import { Peers } from './peers.ts';
import type { PeerWire } from './ports.ts';
import { Lan } from './testing.ts';

const NOON = Date.UTC(2026, 10, 18, 3);
const ALL = { events: 500, bytes: 1_000_000 };

interface Door {
  readonly host: string;
  readonly unit: SyncedUnit;
  readonly peers: Peers;
  readonly hearing: string[][];
  readonly lines: string[];
  changes: number;
}

class House {
  readonly clock = new VirtualClock({ wallMs: NOON });
  readonly lan = new Lan(this.clock);
  readonly hub = new ModelHub();
  readonly doors: Door[];

  constructor(count: number) {
    this.hub.importSite(GYM);
    const units = Array.from({ length: count }, () => new SyncedUnit(this.hub, new TestStore(GYM, ':memory:')));
    this.enrol({ home: units });
    for (const unit of units) must(unit.replica.applyDelta(this.hub.revision, this.hub.since(1), 0));
    this.doors = units.map((unit, index) => this.#door(unit, `host-${index}`));
    onTestFinished(async () => {
      for (const { peers } of this.doors) await peers.close();
    });
  }

  enrol(sites: Readonly<Record<string, readonly SyncedUnit[]>>): void {
    const named = (unit: SyncedUnit) => ({ unit: unit.id, name: 'door', key: unit.replica.publicKey() });
    const roster: Roster = {
      sites: Object.entries(sites).map(([site, units]) => ({ site, units: units.map(named) })),
    };
    this.hub.put({ kind: 'roster', id: 'roster', position: 0, body: roster });
  }

  #door(unit: SyncedUnit, host: string): Door {
    const hearing: string[][] = [];
    const lines: string[] = [];
    const door: Door = {
      ...{ host, unit, hearing, lines, changes: 0 },
      peers: new Peers({
        clock: this.clock,
        replica: unit.replica,
        ...this.lan.node(host),
        tell: (line) => lines.push(line),
        hearing: (units) => hearing.push([...units].sort()),
        changed: () => {
          door.changes += 1;
        },
      }),
    };
    return door;
  }

  async start(): Promise<this> {
    for (const { peers } of this.doors) await peers.start();
    await this.clock.advance(12_000);
    return this;
  }

  door(index: number): Door {
    const door = this.doors[index];
    if (door === undefined) throw new Error('no such door');
    return door;
  }

  scan(index: number, memberId: string, at = NOON, direction: 'in' | 'out' = 'in'): void {
    const { unit, peers } = this.door(index);
    unit.scan(memberId, at, direction);
    peers.recorded();
  }

  usage(index: number): readonly unknown[] {
    return this.door(index).unit.unit.store.exportSite()?.usage ?? [];
  }

  digests(): Set<string> {
    return new Set(this.doors.map(({ unit }) => unit.digest));
  }

  heard(index: number): number {
    return this.door(index).peers.heard.size;
  }
}

describe('units of a site', () => {
  test('find each other, and an entry at one door counts at the others a few milliseconds later', async () => {
    const house = await new House(3).start();
    expect([house.heard(0), house.heard(1), house.heard(2)]).toStrictEqual([2, 2, 2]);
    house.scan(0, 'ann');
    await house.clock.advance(5);
    for (const index of [1, 2]) {
      expect(house.usage(index)).toMatchObject([{ memberId: 'ann', date: '2026-11-18' }]);
      expect(house.door(index).changes).toBeGreaterThan(0);
    }
    expect(house.digests().size).toBe(1);
    // There is a stay at the other door, which ends at that one.
    house.scan(1, 'ann', NOON + HOUR_MS, 'out');
    await house.clock.advance(5);
    expect(house.door(0).unit.unit.store.exportSite()?.stays).toStrictEqual([]);
    expect(house.digests().size).toBe(1);
  });

  test('a line that breaks is noticed, and what was missed is told once it is mended, once', async () => {
    const house = await new House(2).start();
    house.lan.cut('host-0', 'host-1');
    await house.clock.advance(PEER.silenceMs + 2 * PEER.pingMs);
    expect([house.heard(0), house.heard(1)]).toStrictEqual([0, 0]);
    expect(house.door(0).hearing.at(-1)).toStrictEqual([]);
    // Both let her in on the same day; one of them twice.
    house.scan(0, 'ann');
    house.scan(1, 'ann');
    house.scan(1, 'bob', NOON + HOUR_MS);
    await house.clock.advance(HOUR_MS);
    expect(house.digests().size).toBe(2);
    house.lan.mend('host-0', 'host-1');
    await house.clock.advance(130_000);
    expect(house.heard(0)).toBe(1);
    expect(house.usage(0)).toHaveLength(2);
    expect(house.digests().size).toBe(1);
    // The hub has each event from the unit that made it, and all say the same still.
    for (const { unit } of house.doors) unit.push();
    for (const { unit } of house.doors) unit.pull();
    expect(house.digests().size).toBe(1);
  });

  test('how many of them are heard, and since when nobody has been', async () => {
    const house = await new House(3).start();
    const report = () => house.door(0).peers.report();
    expect(report()).toMatchObject({ ofSite: 2, found: 2, heard: 2 });
    expect(report().silentMs).toBeLessThanOrEqual(PEER.pingMs);
    house.lan.cut('host-0', 'host-1');
    await house.clock.advance(PEER.silenceMs + PEER.pingMs);
    expect(report()).toMatchObject({ ofSite: 2, found: 2, heard: 1 });
    expect(report().silentMs).toBeLessThanOrEqual(PEER.pingMs);
    house.lan.cut('host-0', 'host-2');
    await house.clock.advance(PEER.silenceMs + PEER.pingMs);
    expect(report()).toMatchObject({ ofSite: 2, found: 2, heard: 0 });
    expect(report().silentMs).toBeGreaterThan(PEER.silenceMs);
    expect(new House(2).door(0).peers.report()).toStrictEqual({ ofSite: 1, found: 0, heard: 0, silentMs: null });
  });

  test('what is lost on a line that seems to be there is said again', async () => {
    const house = await new House(2).start();
    house.lan.twist = (text) => (text.includes('"events"') ? null : text);
    house.scan(0, 'ann');
    await house.clock.advance(2_000);
    expect(house.usage(1)).toHaveLength(0);
    house.lan.twist = (text) => text;
    house.lan.cut('host-0', 'host-1');
    await house.clock.advance(10_000);
    house.lan.mend('host-0', 'host-1');
    await house.clock.advance(70_000);
    expect(house.usage(1)).toHaveLength(1);
  });

  test('two that don’t hear each other know it from the third, which proves it and brings it to the hub', async () => {
    const house = new House(3);
    const [a, , c] = house.doors;
    house.lan.cut('host-0', 'host-2');
    await house.start();
    expect([house.heard(0), house.heard(1), house.heard(2)]).toStrictEqual([1, 2, 1]);
    house.scan(0, 'ann');
    await house.clock.advance(3_000);
    expect(house.usage(2)).toMatchObject([{ memberId: 'ann' }]);
    const id = a?.unit.id ?? '';
    const relayed = c?.unit.replica.relayed(id, 0, ALL);
    expect(relayed?.bodies).toHaveLength(1);
    expect(house.hub.receive(id, 1, relayed?.from ?? 0, relayed?.bodies ?? [])).toBe(1);
  });

  // The third was paired a moment ago, and one of the two has not heard of it from the hub yet.
  test('what was not taken since the roster lacked its unit is said again once the roster has it', async () => {
    const house = new House(3);
    const [a, b, c] = house.doors.map(({ unit }) => unit);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three doors');
    house.enrol({ home: [a, b] });
    b.pull();
    house.lan.cut('host-1', 'host-2');
    await house.start();
    house.scan(2, 'ann');
    await house.clock.advance(3_000);
    expect(house.usage(0)).toHaveLength(1);
    expect(house.usage(1)).toHaveLength(0);
    expect(house.door(1).lines.join('\n')).toContain('is not taken');
    house.enrol({ home: [a, b, c] });
    b.pull();
    await house.clock.advance(3_000);
    expect(house.usage(1)).toMatchObject([{ memberId: 'ann' }]);
    // On the connection that there is: nobody was left alone meanwhile.
    expect(house.door(1).hearing).toStrictEqual([[a.id]]);
    // Said again once, and the next one on its own.
    const parts = () =>
      house.lan.said.filter(
        (line) => line.startsWith('host-0>host-1') && line.includes(`"${c.id}","epoch"`) && line.includes('"events"'),
      );
    expect(parts()).toHaveLength(2);
    house.scan(2, 'bob');
    await house.clock.advance(3_000);
    expect(house.usage(1)).toHaveLength(2);
    expect(parts()).toHaveLength(3);
  });

  test('a record of many parts comes whole, in its order', async () => {
    const house = new House(2);
    const { unit } = house.door(0);
    for (let index = 0; index < 450; index += 1) unit.scan('cho', NOON + index * 1_000, index % 2 === 0 ? 'in' : 'out');
    await house.start();
    await house.clock.advance(2_000);
    const [head] = house.door(1).unit.replica.heardOf();
    expect(head).toMatchObject({ unit: unit.id, seq: 450 });
    expect(house.digests().size).toBe(1);
  });

  test('after a restart of either, nothing is told or counted twice', async () => {
    const house = await new House(2).start();
    house.scan(0, 'ann');
    await house.clock.advance(1_000);
    const { unit, host } = house.door(1);
    await house.door(1).peers.close();
    unit.restart();
    const heard: string[][] = [];
    const again = new Peers({
      ...{ clock: house.clock, replica: unit.replica, ...house.lan.node(host), tell: () => undefined },
      ...{ hearing: (units: ReadonlySet<string>) => heard.push([...units]), changed: () => undefined },
    });
    onTestFinished(() => again.close());
    house.lan.said.length = 0;
    await again.start();
    await house.clock.advance(70_000);
    expect(heard.at(-1)).toStrictEqual([house.door(0).unit.id]);
    expect(house.lan.said.filter((line) => line.includes('"events"'))).toStrictEqual([]);
    expect(house.usage(1)).toHaveLength(1);
  });

  test('one that the roster has no longer is cut off', async () => {
    const house = await new House(2).start();
    const [a, b] = house.doors.map(({ unit }) => unit);
    if (a === undefined || b === undefined) throw new Error('two doors');
    house.enrol({ home: [a], other: [b] });
    a.pull();
    await house.clock.advance(2_000);
    expect(house.door(0).peers.heard.size).toBe(0);
    expect(house.door(0).lines.join('\n')).toContain('no longer a unit of this site');
  });
});

describe('whoever is not of the house', () => {
  /** Calls door 0, and says what it likes. */
  async function stranger() {
    const house = await new House(2).start();
    const wire = house.lan.call('outside', 'host-0');
    const replies: string[] = [];
    wire.take({ said: (text) => replies.push(text), closed: () => undefined });
    const goodbye = () => replies.map((text) => JSON.parse(text)).find(({ type }) => type === 'goodbye');
    return { house, wire, goodbye };
  }

  function keyOf() {
    const { privateKey } = generateKeyPairSync('ed25519');
    return (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64url');
  }

  const hello = (wire: PeerWire, unit: string, by: (text: string) => string, session = wire.session) =>
    wire.send(JSON.stringify({ type: 'hello', version: 1, unit, proof: by(peerText(unit, 'caller', session)) }));

  test('with a name of the house and another key, is refused', async () => {
    const { house, wire, goodbye } = await stranger();
    hello(wire, house.door(1).unit.id, keyOf());
    await house.clock.advance(10);
    expect(goodbye()).toMatchObject({ why: 'proof' });
    expect(house.heard(0)).toBe(1);
  });

  test('with the proof of another connection, or for the other side, is refused', async () => {
    for (const side of ['caller', 'called'] as const) {
      const { house, wire, goodbye } = await stranger();
      const { replica, id } = house.door(1).unit;
      const session = side === 'caller' ? 'session of yesterday' : wire.session;
      const proof = replica.sign(peerText(id, side, session));
      wire.send(JSON.stringify({ type: 'hello', version: 1, unit: id, proof }));
      await house.clock.advance(10);
      expect(goodbye()).toMatchObject({ why: 'proof' });
    }
  });

  test('with a name that isn’t in the roster, or the unit’s own, is refused', async () => {
    for (const isOwn of [true, false]) {
      const { house, wire, goodbye } = await stranger();
      const { replica, id } = house.door(0).unit;
      hello(wire, isOwn ? id : 'nobody', (text) => replica.sign(text));
      await house.clock.advance(10);
      expect(goodbye()).toMatchObject({ why: 'unknown-unit' });
    }
  });

  test.each([
    ['not JSON', 'not-a-message', 'hello'],
    ['too deep', 'too-large', '['.repeat(100)],
    ['too long', 'too-large', ' '.repeat(WIRE.messageBytes + 1)],
    ['not a hello', 'not-expected', JSON.stringify({ type: 'ping' })],
  ])('who says what is %s is told %s and cut off', async (_, why, text) => {
    const { house, wire, goodbye } = await stranger();
    wire.send(text);
    await house.clock.advance(10);
    expect(goodbye()).toMatchObject({ why });
  });

  test('who says nothing is cut off in time, and many at once are not taken', async () => {
    const { house, goodbye } = await stranger();
    const wires = Array.from({ length: 40 }, () => house.lan.call('outside', 'host-0'));
    const isTaken = wires.map((wire) => {
      let greeted = false;
      wire.take({ said: () => (greeted = true), closed: () => undefined });
      return () => greeted;
    });
    await house.clock.advance(PEER.greetingMs + 2 * PEER.pingMs);
    expect(goodbye()).toMatchObject({ why: 'too-slow' });
    expect(isTaken.filter((taken) => taken()).length).toBeLessThanOrEqual(16);
    expect(house.heard(0)).toBe(1);
  });
});

describe('a unit of the house that breaks the rules', () => {
  /** A second door in the hand of the test. */
  async function rogue() {
    const house = new House(3);
    await house.door(0).peers.start();
    const { id, replica } = house.door(1).unit;
    const third = house.door(2).unit;
    const wire = house.lan.call('rogue', 'host-0');
    const replies: string[] = [];
    wire.take({ said: (text) => replies.push(text), closed: () => undefined });
    const say = (message: unknown) => wire.send(JSON.stringify(message));
    const proof = replica.sign(peerText(id, 'caller', wire.session));
    say({ type: 'hello', version: 1, unit: id, proof });
    await house.clock.advance(10);
    expect(house.heard(0)).toBe(1);
    const goodbye = () => replies.map((text) => JSON.parse(text)).find(({ type }) => type === 'goodbye');
    return { house, id, replica, third, say, goodbye };
  }

  const BODIES = ['{"seq":1,"at":"2026-11-18T03:00:00.000Z"}'];

  /** It was not believed, and it may have been told so itself: it is still heard. */
  function isNotTaken({ house, goodbye }: Awaited<ReturnType<typeof rogue>>): void {
    expect(goodbye()).toBeUndefined();
    expect(house.heard(0)).toBe(1);
    expect(house.door(0).lines.join('\n')).toContain('is not taken');
    const heard = house.door(0).unit.replica.heardOf();
    expect(heard.filter(({ seq }) => seq > 0)).toStrictEqual([]);
  }

  test('can’t speak for another: without its proof, or with other events than it signed', async () => {
    for (const isSigned of [false, true]) {
      const caught = await rogue();
      const { house, third, replica, say } = caught;
      const before = genesisOf(third.id, 1);
      const signed = chained(before, ['{"seq":1,"at":"2026-11-17T03:00:00.000Z"}']);
      const hash = isSigned ? signed : chained(before, BODIES);
      const proof = (isSigned ? third.replica : replica).sign(headText(third.id, 1, 1, hash));
      say({ type: 'events', unit: third.id, epoch: 1, from: 1, before, bodies: BODIES, hash, proof });
      await house.clock.advance(10);
      isNotTaken(caught);
    }
  });

  test('can’t leave out what comes before another’s events', async () => {
    const caught = await rogue();
    const { house, third, say } = caught;
    const hash = chained(genesisOf(third.id, 1), BODIES);
    const proof = third.replica.sign(headText(third.id, 1, 1, hash));
    say({ type: 'events', unit: third.id, epoch: 1, from: 1, before: null, bodies: BODIES, hash, proof });
    await house.clock.advance(10);
    isNotTaken(caught);
  });

  test('is heard for itself where it passed on what is no record, and cut off where it makes that up', async () => {
    const { house, id, replica, third, say, goodbye } = await rogue();
    const hash = chained(genesisOf('another past', 1), BODIES);
    const proof = third.replica.sign(headText(third.id, 1, 1, hash));
    const wrong = { unit: third.id, before: genesisOf(third.id, 1), hash, proof };
    const part = { type: 'events', epoch: 1, from: 1, bodies: BODIES };
    for (let count = 0; count < WIRE.unitsOfSite; count += 1) say({ ...part, ...wrong });
    const own = chained(genesisOf(id, 1), BODIES);
    say({ ...part, unit: id, before: null, hash: own, proof: replica.sign(headText(id, 1, 1, own)) });
    await house.clock.advance(10);
    expect(goodbye()).toBeUndefined();
    expect(house.door(0).unit.replica.heardOf()).toMatchObject([{ unit: id, seq: 1 }]);
    say({ ...part, ...wrong });
    await house.clock.advance(10);
    expect(goodbye()).toMatchObject({ why: 'chain' });
  });

  test('is cut off where its own record is none', async () => {
    const { house, id, replica, say, goodbye } = await rogue();
    const hash = chained(genesisOf('another past', 1), BODIES);
    const proof = replica.sign(headText(id, 1, 1, hash));
    say({ type: 'events', unit: id, epoch: 1, from: 1, before: genesisOf(id, 1), bodies: BODIES, hash, proof });
    await house.clock.advance(10);
    expect(goodbye()).toMatchObject({ why: 'chain' });
  });

  test('may say what isn’t a form of ours: it is kept for the hub, and changes nothing', async () => {
    const { house, id, replica, say, goodbye } = await rogue();
    const bodies = ['{"seq":7}', 'no JSON'];
    const hash = chained(genesisOf(id, 1), bodies);
    const proof = replica.sign(headText(id, 1, 2, hash));
    say({ type: 'events', unit: id, epoch: 1, from: 1, before: null, bodies, hash, proof });
    await house.clock.advance(10);
    expect(goodbye()).toBeUndefined();
    expect(house.door(0).unit.replica.relayed(id, 0, ALL)?.bodies).toStrictEqual(bodies);
    expect(house.usage(0)).toStrictEqual([]);
  });

  test('is cut off where it floods or greets twice; what it says of strangers is not taken', async () => {
    const flood = await rogue();
    for (let index = 0; index <= PEER.rate; index += 1) flood.say({ type: 'ping' });
    await flood.house.clock.advance(10);
    expect(flood.goodbye()).toMatchObject({ why: 'too-many' });
    const twice = await rogue();
    twice.say({ type: 'hello', version: 1, unit: twice.id, proof: 'A'.repeat(86) });
    await twice.house.clock.advance(10);
    expect(twice.goodbye()).toMatchObject({ why: 'not-expected' });
    const caught = await rogue();
    const { house, say, replica } = caught;
    const hash = chained(genesisOf('x', 1), BODIES);
    const proof = replica.sign(headText('x', 1, 1, hash));
    say({ type: 'events', unit: 'x', epoch: 1, from: 1, before: genesisOf('x', 1), bodies: BODIES, hash, proof });
    await house.clock.advance(10);
    isNotTaken(caught);
  });
});
