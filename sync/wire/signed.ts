/**
 * What is signed, as text: a name of its own for each purpose, then the values, one a line, so that no signature can be
 * taken for another. Values hold no line break: they are ids, numbers and base64url.
 */
import { WIRE } from './limits.ts';

/** By a unit that pairs, with the key that it brings. */
export function pairingText(host: string, nonce: string, unit: string, key: string): string {
  return lines('pair', host, nonce, unit, key);
}

/** By a paired unit, at each connection. @param host as the unit called it, so that no other hub can use the proof */
export function helloText(host: string, nonce: string, unit: string, epoch: number): string {
  return lines('hello', host, nonce, unit, epoch);
}

/** By the hub, at each connection. @param nonce the unit's */
export function hubText(nonce: string, unit: string, hubTime: number): string {
  return lines('hub', nonce, unit, hubTime);
}

/** By a unit, with each upload: up to here it vouches for its record. @param hash of the chain at `seq` */
export function headText(unit: string, epoch: number, seq: number, hash: string): string {
  return lines('head', unit, epoch, seq, hash);
}

/** By the hub. @param nonce of the connection, on which alone the command may run @param at the hub's time */
export function commandText(nonce: string, unit: string, id: string, command: string, at: number): string {
  return lines('command', nonce, unit, id, command, at);
}

/** By the hub: this unit is no longer one of the tenant's. @param notice first or second */
export function revocationText(unit: string, notice: number, hubTime: number): string {
  return lines('revoked', unit, notice, hubTime);
}

/**
 * By the hub: `genkan-signed/1`, a document that is carried to a unit by hand. It doesn't name its tenant: only the
 * tenant's own units find it rightly signed, since a hub has one key for all.
 * @param payloadHash SHA-256 of its JSON, base64url
 */
export function documentText(tenant: string, kid: string, revision: number, payloadHash: string): string {
  return lines('document', tenant, kid, revision, payloadHash);
}

/** By a unit, to another of its site. @param side of the connection @param session what both ends of it know alone */
export function peerText(unit: string, side: 'caller' | 'called', session: string): string {
  return lines('peer', unit, side, session);
}

function lines(purpose: string, ...values: readonly (string | number)[]): string {
  if (values.some((value) => String(value).includes('\n'))) throw new Error('a signed value holds a line break');
  return [`${WIRE.subprotocol} ${purpose}`, ...values].join('\n');
}
