/** What goes down and up once a unit is welcome. */
import { WIRE } from '../wire/limits.ts';
import { expect, expectEqual, type Rule } from './suite.ts';
import { enter, plainEvent, type Said, snapshot } from './unit.ts';

const DOWN: readonly Rule[] = [
  {
    id: 'pull.snapshot',
    text: 'sends a whole snapshot to a unit that has nothing, the roster with that unit in it',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      const { revision } = await enter(call, first);
      const { rows, revision: end } = await snapshot(call);
      expect(end >= revision, 'a snapshot that is not older than the welcome');
      const units = sitesOf(rows).flatMap((site) => site.units);
      expect(
        units.some(({ unit, key }) => unit === first.unit && key === first.key),
        'the unit in the roster',
      );
    },
  },
  {
    id: 'pull.resume',
    text: 'goes on with a snapshot that was cut off, by its revision and cursor',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      call.send({ type: 'pull', since: 0, resume: null });
      const { revision } = await call.next('snapshot');
      const { cursor } = await call.next('rows');
      call.end();
      const again = open();
      await enter(again, first);
      again.send({ type: 'pull', since: 0, resume: { revision, cursor } });
      const begun = await again.next('snapshot');
      expect(begun.resumed ? begun.revision === revision : true, 'the revision that was asked for, or a new begin');
      await again.next('snapshot-end');
    },
  },
  {
    id: 'pull.current',
    text: 'sends nothing to a unit that has everything',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      const { revision } = await snapshot(call);
      call.send({ type: 'pull', since: revision, resume: null });
      expect(await call.isQuiet(), 'no message but the pong');
    },
  },
];

const UP: readonly Rule[] = [
  {
    id: 'events.acknowledged',
    text: 'acknowledges events with the number of the last',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      call.send(first.events(1, [plainEvent(1), plainEvent(2), plainEvent(3)]));
      expectSeq(await call.next('acknowledged'), first, 3);
    },
  },
  {
    id: 'events.welcome',
    text: 'tells in the next welcome what is durable',
    codes: 1,
    async run({ open, first }) {
      expectEqual((await enter(open(), first)).acknowledged, 3, 'acknowledged');
    },
  },
  {
    id: 'events.again',
    text: 'acknowledges events again that it has, and takes what follows in the same message',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      call.send(first.events(1, [plainEvent(1), plainEvent(2), plainEvent(3)]));
      expectSeq(await call.next('acknowledged'), first, 3);
      call.send(first.events(2, [plainEvent(2), plainEvent(3), plainEvent(4), plainEvent(5)]));
      expectSeq(await call.next('acknowledged'), first, 5);
    },
  },
  {
    id: 'events.gap',
    text: 'never acknowledges beyond an event that is missing',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      first.events(6, [plainEvent(6), plainEvent(7)]);
      call.send(first.events(8, [plainEvent(8)]));
      const answer = await call.until(
        () => call.inbox.find(({ type }) => type === 'acknowledged' || type === 'goodbye'),
        'acknowledged or goodbye',
      );
      if (answer.type === 'acknowledged') expectEqual(answer.seq, 5, 'the last that is whole');
      const again = open();
      expectEqual((await enter(again, first)).acknowledged, 5, 'acknowledged');
      again.send(first.events(6, [plainEvent(6), plainEvent(7), plainEvent(8)]));
      expectSeq(await again.next('acknowledged'), first, 8);
    },
  },
  {
    id: 'events.contradiction',
    text: 'takes another event under a number that it has, and goes on',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      call.send(first.events(8, [plainEvent(8, { other: true })]));
      expectSeq(await call.next('acknowledged'), first, 8);
    },
  },
  {
    id: 'events.form',
    text: 'takes an event whose body it doesn’t understand',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      first.events(8, [plainEvent(8)]);
      call.send(first.events(9, ['{"nobody":"knows"}']));
      expectSeq(await call.next('acknowledged'), first, 9);
    },
  },
  {
    id: 'events.proof',
    text: 'ends with proof events that their unit hasn’t signed',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      const message = first.events(10, [plainEvent(10)]);
      call.send({ ...message, proof: `${message.proof.startsWith('A') ? 'B' : 'A'}${message.proof.slice(1)}` });
      expectEqual(await call.ending(), 'proof', 'the goodbye');
    },
  },
  {
    id: 'events.epoch',
    text: 'takes a new epoch, which begins with 1 again',
    codes: 1,
    async run({ open, first }) {
      first.events(10, [plainEvent(10)]);
      const before = { epoch: first.epoch, seq: 10, hash: first.hashAt(10) };
      first.beginEpoch(2);
      const call = open();
      expectEqual((await enter(call, first)).acknowledged, null, 'acknowledged of the new epoch');
      call.send({ type: 'epoch', epoch: 2, before });
      call.send(first.events(1, [plainEvent(1), plainEvent(2)]));
      const answer = await call.next('acknowledged');
      expectSeq(answer, first, 2);
    },
  },
];

const REST: readonly Rule[] = [
  {
    id: 'handover.taken',
    text: 'says taken for what was handed over, also the second time',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      const handover = { type: 'handover', id: `${first.unit}-h1`, kind: 'note', body: '{"text":"a form"}' };
      for (const _ of [1, 2]) {
        call.send(handover);
        expectEqual((await call.next('taken')).ids.join(), handover.id, 'taken');
      }
    },
  },
  {
    id: 'refresh.unknown',
    text: 'takes a refresh of a member that it doesn’t know',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      call.send({ type: 'refresh', memberId: 'nobody', right: null });
      expect(await call.isQuiet(), 'no message but the pong');
    },
  },
  {
    id: 'done.unknown',
    text: 'takes a done of a command that it hasn’t given',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      await enter(call, first);
      call.send({ type: 'done', id: 'never-given', ok: true, detail: '' });
      expect(await call.isQuiet(), 'no message but the pong');
    },
  },
  {
    id: 'peer.events',
    text: 'takes events of a unit from its peer at the same site, and acknowledges them as that unit’s',
    codes: 2,
    async run({ open, first, second }) {
      const call = open();
      await enter(call, first);
      call.send(second.events(1, [plainEvent(1)]));
      expectSeq(await call.next('acknowledged'), second, 1);
      expectEqual((await enter(open(), second)).acknowledged, 1, 'acknowledged to the unit itself');
    },
  },
  {
    id: 'delta.next',
    text: 'sends a change as a delta from where the unit stands',
    codes: 2,
    async run({ open, first, second }) {
      const call = open();
      await enter(call, first);
      const { rows, revision } = await snapshot(call);
      const right = { kind: 'ticket', ticketId: 'conformance' };
      const gave = { right, from: siteOf(rows, second.unit), to: 'conformance-b', uses: 1 };
      const other = open();
      await enter(other, second);
      other.send(second.events(2, [plainEvent(2, { effects: { memberId: null, gave } })]));
      await other.next('acknowledged');
      const delta = await call.next('delta');
      expectEqual(delta.from, revision, 'where the delta begins');
      expect(delta.to > revision, 'a delta that leads on');
      const row = delta.changes.find(({ kind, id }) => kind === 'transfer' && id === `${second.unit}/1/2`);
      expect(row !== undefined, 'the row of the other unit’s event, with its id');
    },
  },
  {
    id: 'bounds.greeting',
    text: `ends who hasn’t greeted within ${WIRE.greetingMs} ms`,
    codes: 0,
    async run({ open }) {
      const call = open({ waitMs: WIRE.greetingMs + 5_000 });
      await call.next('challenge');
      expectEqual(await call.ending(), 'too-slow', 'the goodbye');
    },
  },
];

/** By the last roster among the rows. */
function sitesOf(rows: Said<'rows'>['changes']) {
  const roster = rows.findLast(({ kind }) => kind === 'roster');
  return roster?.kind === 'roster' ? (roster.body?.sites ?? []) : [];
}

function siteOf(rows: Said<'rows'>['changes'], unit: string): string {
  return sitesOf(rows).find(({ units }) => units.some((one) => one.unit === unit))?.site ?? 'none';
}

function expectSeq(message: Said<'acknowledged'>, { unit, epoch }: { unit: string; epoch: number }, seq: number): void {
  expectEqual(message.unit, unit, 'the unit of acknowledged');
  expectEqual(message.epoch, epoch, 'the epoch of acknowledged');
  expectEqual(message.seq, seq, 'acknowledged');
}

export const DATA: readonly Rule[] = [...DOWN, ...UP, ...REST];
