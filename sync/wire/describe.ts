/** The protocol for others: its JSON Schemas, and the table of its messages for the manual. */
import * as z from 'zod';
import { AcknowledgedEvents, SealedEvents, SignedDocument } from './carried.ts';
import { Effects } from './effects.ts';
import { Change } from './entities.ts';
import { CommandPayload, FromHub, WireFault } from './from-hub.ts';
import { HandoverForm } from './handover.ts';
import { PeerMessage } from './peer.ts';
import { ToHub } from './to-hub.ts';

const SCHEMAS = {
  'to-hub': ToHub,
  'from-hub': FromHub,
  change: Change,
  effects: Effects,
  command: CommandPayload,
  'signed-document': SignedDocument,
  'sealed-events': SealedEvents,
  'acknowledged-events': AcknowledgedEvents,
  handover: HandoverForm,
  peer: PeerMessage,
} as const;

/** JSON Schema 2020-12 by the name of the file. */
export function jsonSchemas(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input' })]),
  );
}

const TO_HUB: Readonly<Record<ToHub['type'], string>> = {
  pair: 'a new unit brings its key and the one-time code that a person was given',
  hello: 'a paired unit says who it is, and proves it for this connection',
  pull: 'asks for everything after `since`, and from then on for every change; with `resume` a snapshot goes on',
  events: 'a part of the unit’s record, or of a peer’s at the same site, in order and without gaps',
  epoch: 'the unit’s database begins anew: the first event of this epoch comes after `before`',
  done: 'what became of a command',
  refresh: 'a known member was refused: what is new about them, and `right` where its lease is elsewhere, at once',
  handover: 'what was made at the unit and belongs to the hub, in a form of its `kind`',
  applied: 'up to here everything is applied: the unit decides by it',
  ping: 'still here, and how many events wait',
};

const FROM_HUB: Readonly<Record<FromHub['type'], string>> = {
  challenge: 'the first word on each connection: sign this nonce',
  paired: 'the code was taken; the hub’s keys, which the unit keeps',
  welcome: 'the hub proves itself, and says what it has of this unit’s epoch',
  snapshot: 'a snapshot begins; `rows` of them will come',
  rows: 'a part of a snapshot, and where a `resume` goes on after it',
  'snapshot-end': 'the rows are a whole now: they replace what the unit has, but for what the hub doesn’t know yet',
  delta: 'what changed between two revisions; in several messages, it is applied with the `last`',
  acknowledged: 'events of this unit and epoch are durable up to this number',
  taken: 'what was handed over under these ids is the hub’s; once `revision` is applied the unit lets go of it',
  command: 'do this, on this connection, at most once',
  revoked: 'this unit is no longer one of the tenant’s; with the second notice it wipes its members',
  pong: 'still here',
  goodbye: 'why the hub ends the connection',
};

const PEER: Readonly<Record<PeerMessage['type'], string>> = {
  hello: 'the first word of each side: who it is, proved for this connection by its key in the roster',
  have: 'up to where each unit’s events are here: at first, and whenever more are; it acknowledges them. At 0: what was said of that unit was not taken by the roster of then, and is to be said again',
  events: 'a part of the record of this or another unit, in order and without gaps, signed by the unit whose it is',
  ping: 'still here',
  goodbye: 'why it ends the connection',
};

/** What units of one site say to one another. */
export function peerTable(): string {
  const texts: Readonly<Record<string, string>> = PEER;
  const rows = optionsOf(PeerMessage).map(({ type, keys }) => `| \`${type}\` | ${keys} | ${texts[type] ?? ''} |`);
  return ['| `type` | with | which means |', '|---|---|---|', ...rows].join('\n');
}

/** The messages, a line each, with the names of their members. */
export function messageTable(): string {
  const rows = (from: string, schema: z.ZodType, texts: Readonly<Record<string, string>>) =>
    optionsOf(schema).map(({ type, keys }) => `| ${from} | \`${type}\` | ${keys} | ${texts[type] ?? ''} |`);
  return [
    '| says | `type` | with | which means |',
    '|---|---|---|---|',
    ...rows('unit', ToHub, TO_HUB),
    ...rows('hub', FromHub, FROM_HUB),
  ].join('\n');
}

const Options = z.object({
  oneOf: z.array(z.object({ properties: z.looseObject({ type: z.object({ const: z.string() }) }) })),
});

function optionsOf(schema: z.ZodType): { type: string; keys: string }[] {
  return Options.parse(z.toJSONSchema(schema, { io: 'input' })).oneOf.map(({ properties: { type, ...others } }) => ({
    type: type.const,
    keys:
      Object.keys(others)
        .map((key) => `\`${key}\``)
        .join(' ') || '–',
  }));
}

const GOODBYES: Readonly<Record<WireFault, string>> = {
  version: 'speaks another version: a person must update one of the two',
  'not-a-message': 'sent what is no message of the protocol',
  'too-large': 'sent a message that is too large or too deep',
  'too-many': 'sends too much, or too many connections come from there: come back after a pause',
  'too-slow': 'didn’t greet, was silent, or took nothing of what was sent',
  'not-expected': 'said something that has no place here; or has connected again, and this is the older connection',
  code: 'the pairing code is unknown, used or too old, or the unit’s id is taken',
  proof: 'a signature doesn’t hold',
  'unknown-unit': 'is not paired with this hub',
  revoked: 'was taken out of its tenant',
  chain: 'between units: a unit’s own record is no chain',
  unavailable: 'nothing: the hub can’t serve now; come back in a moment',
};

export function goodbyeTable(): string {
  return [
    '| `why` | the unit |',
    '|---|---|',
    ...WireFault.options.map((why) => `| \`${why}\` | ${GOODBYES[why]} |`),
  ].join('\n');
}
