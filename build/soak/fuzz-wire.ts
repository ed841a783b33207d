/** Fuzzing of what comes over the network: from a hub to a unit, from a hub's unit, and between units of a site. */
import type { Result } from '../../main/core/result.ts';
import { Lines } from '../../sync/link/peers/lines.ts';
import { WIRE } from '../../sync/wire/limits.ts';
import { parseFromHub, parsePeer, parseToHub } from '../../sync/wire/parse.ts';
import { PEER } from '../../sync/wire/peer.ts';
import type { Chance } from './chance.ts';
import { fuzz, isSaidIn, readJson, type Verdict } from './fuzz-parsers.ts';
import { damaged, mutatedValue } from './mutation.ts';

const HASH = 'h'.repeat(43);
const PROOF = 's'.repeat(86);
const AT = Date.UTC(2026, 10, 22);
const EVENT = JSON.stringify({ seq: 1, at: '2026-11-22T03:00:00.000Z', type: 'scan', doorId: 'front', detail: {} });
const EVENTS = { type: 'events', unit: 'u2', epoch: 1, from: 1, bodies: [EVENT, EVENT], hash: HASH, proof: PROOF };
const ORIGIN = { unit: 'u2', epoch: 1, seq: 4 };
const BAND = { memberId: 'm1', contractId: 'c1', bandId: 'day', date: '2026-11-22' };
const CHANGES = [
  { kind: 'program', id: 'p1', position: 0, body: { id: 'p1', name: 'Yoga' } },
  { kind: 'member', id: 'm1', position: 0, body: null },
  { kind: 'usage', id: 'u2/1/4', origin: ORIGIN, body: BAND },
];

const FROM_HUB: readonly object[] = [
  { type: 'challenge', version: 1, nonce: 'n'.repeat(22) },
  { type: 'welcome', hubTime: AT, proof: PROOF, acknowledged: 3, revision: 9 },
  { type: 'snapshot', revision: 9, rows: 3, resumed: false },
  { type: 'rows', changes: CHANGES, cursor: 'x' },
  { type: 'snapshot-end', revision: 9, knows: [ORIGIN] },
  { type: 'delta', from: 9, to: 10, changes: CHANGES, last: true },
  { type: 'acknowledged', ...ORIGIN },
  { type: 'taken', ids: ['h1'], revision: 9 },
  { type: 'command', id: 'c1', command: '{"do":"open","doorId":"front","by":"eve"}', at: AT, proof: PROOF },
  { type: 'revoked', notice: 1, hubTime: AT, proof: PROOF },
  { type: 'pong', hubTime: AT },
  { type: 'goodbye', why: 'too-many', detail: 'later' },
];
const TO_HUB: readonly object[] = [
  { type: 'pull', since: 3, resume: { revision: 3, cursor: 'x' } },
  EVENTS,
  { type: 'epoch', epoch: 2, before: { epoch: 1, seq: 4, hash: HASH } },
  { type: 'done', id: 'c1', ok: true, detail: 'done' },
  { type: 'refresh', memberId: 'm1', right: { kind: 'ticket', ticketId: 't1' } },
  { type: 'handover', id: 'h1', kind: 'ticket', body: '{}' },
  { type: 'applied', revision: 9 },
  { type: 'ping', at: 1, queued: 0 },
];
const BETWEEN_UNITS: readonly object[] = [
  { type: 'hello', version: PEER.version, unit: 'u2', proof: PROOF },
  { type: 'have', heads: [ORIGIN] },
  { ...EVENTS, before: HASH },
  { type: 'ping' },
  { type: 'goodbye', why: 'proof', detail: 'no' },
];

type Parse = (text: string) => Result<object, { readonly detail: string }>;

function textOf(messages: readonly object[], chance: Chance): string {
  const message = chance.oneIn(4) ? chance.pick(messages) : mutatedValue(chance.pick(messages), chance);
  const text = JSON.stringify(message) ?? '';
  return chance.oneIn(5) ? Buffer.from(damaged(Buffer.from(text), chance)).toString('utf8') : text;
}

/** What is taken stands in what was said; what isn't is answered by one short line. */
function verdictOn(text: string, parse: Parse): Verdict {
  const [parsed, json] = [parse(text), readJson(text)];
  const framed = json !== null;
  if (!parsed.ok) return { framed, wrong: parsed.error.detail.length > 500 ? 'a long answer' : null };
  return { framed, wrong: json !== null && isSaidIn(json.value, parsed.value) ? null : 'more than was said' };
}

const texts = (messages: readonly object[], parse: Parse) => (chance: Chance) =>
  verdictOn(textOf(messages, chance), parse);

/** In pieces, as a connection brings them; now and then without an end. */
function pieces(messages: readonly object[], parse: Parse): (chance: Chance) => Verdict {
  let lines = new Lines();
  return (chance) => {
    const text = textOf(messages, chance).replaceAll('\n', ' ');
    const bytes = Buffer.from(`${text}\n`);
    const endless = chance.oneIn(20_000) ? [Buffer.alloc(WIRE.messageBytes + 1, 'x')] : [];
    const cut = chance.below(bytes.length + 1);
    let verdict: Verdict = { framed: false, wrong: null };
    for (const piece of [...endless, bytes.subarray(0, cut), bytes.subarray(cut)]) {
      const whole = lines.push(piece);
      if (whole === null) lines = new Lines();
      for (const line of whole ?? []) if (verdict.wrong === null) verdict = verdictOn(line, parse);
    }
    return verdict;
  };
}

export const WIRE_FUZZES = [
  fuzz('from the hub', () => texts(FROM_HUB, parseFromHub)),
  fuzz('to the hub', () => texts(TO_HUB, parseToHub)),
  fuzz('between units', () => pieces(BETWEEN_UNITS, parsePeer)),
] as const;
