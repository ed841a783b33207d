/** What the hub does with each message of a unit that has said who it is. */
import type { KeyObject } from 'node:crypto';
import type { Result } from '../../../main/core/result.ts';
import { headText } from '../../wire/signed.ts';
import type { ToHub } from '../../wire/to-hub.ts';
import { arrive } from '../handovers.ts';
import { isSignedBy, unitKey } from '../keys.ts';
import type { BatchFault, EventBatch, Taken } from '../ports.ts';
import type { Budget } from './budget.ts';
import type { Commands } from './commands.ts';
import type { Halls } from './halls.ts';
import type { Intake } from './intake.ts';
import type { HubParts } from './ports.ts';
import type { Seen } from './seen.ts';
import type { Member, Session } from './session.ts';
import type { Streams } from './stream.ts';
import type { TopUps } from './top-ups.ts';

type Message<T extends ToHub['type']> = Extract<ToHub, { type: T }>;

/** Batches of one connection that may be on their way into the store at once. */
const MOST_IN_FLIGHT = 4;
export const UNSIGNED = 'the events are not signed by their unit';

export interface Desks {
  readonly parts: HubParts;
  readonly intake: Intake;
  readonly streams: Streams;
  readonly halls: Halls;
  readonly commands: Commands;
  readonly seen: Seen;
  readonly topUps: TopUps;
  /** Of all connections: one process answers them. */
  readonly pongs: Budget;
}

export async function answerMember(desks: Desks, session: Session, member: Member, message: ToHub): Promise<void> {
  switch (message.type) {
    case 'pair':
    case 'hello':
      return session.goodbye('not-expected', `${message.type} was said already`);
    case 'pull':
      return pull(desks, session, member, message);
    case 'events':
      return takeEvents(desks, session, member, message);
    case 'epoch':
      return beginEpoch(desks, session, member, message);
    case 'done':
      return desks.commands.done(member, message.id, { ok: message.ok, detail: message.detail });
    case 'refresh':
      return refresh(desks, session, member, message);
    case 'handover':
      return takeOver(desks, session, member, message);
    case 'applied':
      desks.seen.note(member.unit, message.revision, null);
      return;
    case 'ping':
      desks.seen.note(member.unit, null, message.queued);
      pong(desks, session);
      return;
  }
}

function pong({ parts, pongs }: Desks, session: Session): void {
  const { clock, limits } = parts;
  const message = { type: 'pong', hubTime: clock.wall() } as const;
  if (pongs.take(1, clock.mono(), limits.pongsPerSecond, limits.pongsAtOnce)) session.send(message);
  else session.pongSoon(message);
}

async function pull(desks: Desks, session: Session, member: Member, message: Message<'pull'>): Promise<void> {
  const { parts, streams, halls } = desks;
  const revision = await parts.store.revision(member.tenant);
  const { since, resume } = message;
  const goesOn = since > 0 && since <= revision && resume === null;
  if (goesOn) {
    // A stream that runs is given up: the unit has begun anew.
    session.stream += 1;
    session.follows = since;
    halls.changed(member.tenant, revision, 'hub');
    return;
  }
  const from = resume !== null && resume.revision <= revision ? resume : null;
  streams.snapshot(session, member, from).then(
    () => halls.sweep(),
    (error: unknown) => session.fail(error),
  );
}

async function takeEvents(desks: Desks, session: Session, member: Member, message: Message<'events'>): Promise<void> {
  const key = message.unit === member.unit ? member.key : await keyOfPeer(desks.parts, member, message.unit);
  if (key === null) return session.goodbye('not-expected', 'events of a unit that is not of this site');
  const relayedBy = message.unit === member.unit ? null : member.unit;
  const batch = batchOf(member.tenant, message, relayedBy, desks.parts.clock.wall());
  // The connection is the unit's own, which it has proven: the signature is checked once events are judged.
  const isProven = relayedBy !== null;
  if (isProven && !(await isVouched(key, batch))) return session.goodbye('proof', UNSIGNED);
  session.inFlight += 1;
  const settled = settle(desks, session, key, { ...batch, isProven });
  if (session.inFlight >= MOST_IN_FLIGHT) await settled;
}

/** Resolves, always, once the batch is durable and acknowledged, or its unit was told why not. */
async function settle(desks: Desks, session: Session, key: KeyObject, batch: EventBatch): Promise<void> {
  try {
    answerBatch(desks, session, batch, await take(desks, key, batch));
  } catch (error) {
    session.fail(error);
  } finally {
    session.inFlight -= 1;
  }
}

function answerBatch(desks: Desks, session: Session, batch: EventBatch, result: Awaited<ReturnType<typeof take>>) {
  if (result === null) return session.goodbye('proof', UNSIGNED);
  if (result.ok) return acknowledge(session, batch, result.value);
  const { code, acknowledged } = result.error;
  desks.parts.log.warn({ unit: batch.unit, code, from: batch.from }, 'events not in order');
  // Who only brings it can do nothing about what is missing, or was signed twice: it goes on with what is its own.
  if (batch.relayedBy !== null && (code === 'chain' || acknowledged === 0)) return;
  // Up to here the record is whole: the unit goes on from there.
  if (acknowledged > 0) return acknowledge(session, batch, { acknowledged });
  session.goodbye('not-expected', 'events before these are missing: begin with the first');
}

/** @returns null: it doesn't go on where the record stands, and its unit hasn't signed it */
async function take(
  { intake, parts }: Desks,
  key: KeyObject,
  batch: EventBatch,
): Promise<Result<Taken, BatchFault> | null> {
  const answer = await intake.add(batch);
  if (answer.ok || answer.error.code !== 'unproven') return answer;
  // What stands there may itself be what the unit hasn't signed.
  await parts.store.prove(batch.tenant);
  return (await isVouched(key, batch)) ? intake.add({ ...batch, isProven: true }) : null;
}

/** A peer of the same site may bring what a unit that can't reach the hub has signed. */
async function keyOfPeer({ store }: HubParts, member: Member, unit: string): Promise<KeyObject | null> {
  const peer = await store.unit(unit);
  return peer?.tenant === member.tenant && peer.site === member.site ? unitKey(peer.key) : null;
}

export function batchOf(
  tenant: string,
  message: Message<'events'>,
  relayedBy: string | null,
  receivedAt: number,
): EventBatch {
  const { unit, epoch, from, bodies, hash, proof } = message;
  return { tenant, unit, epoch, from, bodies, hash, proof, isProven: false, relayedBy, receivedAt };
}

export function isVouched(key: KeyObject, { unit, epoch, from, bodies, hash, proof }: EventBatch): Promise<boolean> {
  return isSignedBy(key, headText(unit, epoch, from + bodies.length - 1, hash), proof);
}

function acknowledge(session: Session, { unit, epoch }: EventBatch, { acknowledged }: Taken) {
  if (acknowledged > 0) session.send({ type: 'acknowledged', unit, epoch, seq: acknowledged });
}

async function beginEpoch(desks: Desks, session: Session, member: Member, message: Message<'epoch'>): Promise<void> {
  const { store, clock } = desks.parts;
  const { acknowledged } = await store.beginEpoch(
    member.tenant,
    member.unit,
    message.epoch,
    message.before,
    clock.wall(),
  );
  if (acknowledged > 0)
    session.send({ type: 'acknowledged', unit: member.unit, epoch: message.epoch, seq: acknowledged });
}

async function refresh(desks: Desks, session: Session, member: Member, message: Message<'refresh'>): Promise<void> {
  const { clock, limits } = desks.parts;
  const { atOnce, perSecond } = limits.refreshes;
  // More than that changes nothing: what there is has just been sent.
  if (!session.refreshes.take(1, clock.mono(), perSecond, atOnce)) return;
  // Somebody stands at the door: what others have sent of them counts, judged or not.
  await desks.parts.store.catchUp(member.tenant);
  await desks.halls.hurry(member.tenant);
  if (message.right !== null) await desks.commands.askToGive(member, message.right);
}

async function takeOver(desks: Desks, session: Session, member: Member, message: Message<'handover'>): Promise<void> {
  const { id, kind, body } = message;
  const { store, clock } = desks.parts;
  const { tenant, unit } = member;
  const isTaken = await arrive(store, { tenant, unit, by: 'hub', at: clock.wall() }, { id, kind, body });
  if (isTaken) await sayTaken(desks.parts, session, tenant, id);
}

export async function sayTaken({ store }: HubParts, session: Session, tenant: string, id: string): Promise<void> {
  const revision = await store.revision(tenant);
  session.send({ type: 'taken', ids: [id], revision });
}
