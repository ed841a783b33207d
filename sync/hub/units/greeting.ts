/** The first words of a connection: a new unit pairs, a known one proves that it is the one it says. */
import type { KeyObject } from 'node:crypto';
import { helloText, hubText, pairingText, revocationText } from '../../wire/signed.ts';
import type { ToHub } from '../../wire/to-hub.ts';
import { digest, isSignedBy, unitKey } from '../keys.ts';
import type { PairingFault, UnitRecord } from '../ports.ts';
import type { HubParts } from './ports.ts';
import type { Member, Session } from './session.ts';

type Pair = Extract<ToHub, { type: 'pair' }>;
type Hello = Extract<ToHub, { type: 'hello' }>;

const NOT_PAIRED: Readonly<Record<PairingFault, string>> = {
  code: 'this code is unknown, used or too old: ask the operator for a new one',
  taken:
    'a unit with this id is paired already, with another key or tenant: it needs an empty dataDir, and so another id',
  revoked: 'this unit was revoked: with an empty dataDir it begins as another one, which can be paired',
  full: 'there are as many sites, or units of this site, as may be: revoke one that is gone, or pair it with another site',
};

export async function answerPair(parts: HubParts, session: Session, message: Pair): Promise<void> {
  const { store, keys, clock } = parts;
  const key = unitKey(message.key);
  const text = pairingText(session.caller.host, session.nonce, message.unit, message.key);
  if (key === null || !(await isSignedBy(key, text, message.proof)))
    return session.goodbye('proof', 'the proof is not by the key that came with it, for this connection');
  const paired = await store.redeemPairing(digest(message.code), message.unit, message.name, message.key, clock.wall());
  if (!paired.ok) return session.goodbye('code', NOT_PAIRED[paired.error]);
  const hubTime = clock.wall();
  session.send({
    type: 'paired',
    tenant: paired.value.tenant,
    hubKey: keys.publicKey,
    sealKey: keys.sealKey,
    hubTime,
    proof: keys.sign(hubText(message.nonce, message.unit, hubTime)),
  });
}

/** @returns who it is; null: it was sent away */
export async function answerHello(parts: HubParts, session: Session, message: Hello): Promise<Member | null> {
  const { store } = parts;
  const record = await store.unit(message.unit);
  const key = record === null ? null : unitKey(record.key);
  if (record === null || key === null) {
    session.goodbye('unknown-unit', 'this unit is not paired with this hub');
    return null;
  }
  if (!(await isHello(session, message, key))) {
    session.goodbye('proof', 'the proof is not by the key of this unit, for this connection');
    return null;
  }
  if (record.revokedAt !== null) {
    await sayRevoked(parts, session, record);
    return null;
  }
  await welcome(parts, session, message, record);
  return { tenant: record.tenant, unit: record.unit, site: record.site, key };
}

function isHello(session: Session, message: Hello, key: KeyObject): Promise<boolean> {
  const text = helloText(session.caller.host, session.nonce, message.unit, message.epoch);
  return isSignedBy(key, text, message.proof);
}

async function welcome(parts: HubParts, session: Session, message: Hello, record: UnitRecord): Promise<void> {
  const { store, keys, clock } = parts;
  const revision = await store.revision(record.tenant);
  const acknowledged = await store.acknowledged(record.tenant, record.unit, message.epoch);
  const hubTime = clock.wall();
  session.send({
    type: 'welcome',
    hubTime,
    proof: keys.sign(hubText(message.nonce, message.unit, hubTime)),
    acknowledged: acknowledged === 0 ? null : acknowledged,
    revision,
  });
}

/** The first notice, and from a day after it the second: the unit wipes its members only with that one. */
export async function sayRevoked(parts: HubParts, session: Session, record: UnitRecord): Promise<void> {
  const { store, keys, clock, limits } = parts;
  const { unit } = record;
  const hubTime = clock.wall();
  // A revoked unit was last seen when it was first told.
  const isTold = record.seenAt !== null && record.seenAt >= (record.revokedAt ?? hubTime);
  const firstAt = isTold ? (record.seenAt ?? hubTime) : hubTime;
  if (!isTold) await store.seen([{ unit, at: hubTime, appliedRevision: null, queued: null }]);
  const notice = hubTime - firstAt >= limits.noticeMs ? 2 : 1;
  const proof = keys.sign(revocationText(unit, notice, hubTime));
  session.send({ type: 'revoked', notice, hubTime, proof });
  session.goodbye('revoked', 'this unit was taken out of the tenant');
}
