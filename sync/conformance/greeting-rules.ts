/** From the first byte to the welcome. */
import { createPublicKey, verify } from 'node:crypto';
import { WIRE } from '../wire/limits.ts';
import { hubText } from '../wire/signed.ts';
import { expect, expectEqual, type Rule } from './suite.ts';
import { type Call, enter, helloMessage, Identity, pairMessage, type Said } from './unit.ts';

/** Of the hub, as `paired` has told it. */
const hubKeys = new WeakMap<Identity, string>();

function isByHub(
  key: string,
  nonce: string,
  unit: string,
  { hubTime, proof }: Said<'paired'> | Said<'welcome'>,
): boolean {
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
  return verify(null, Buffer.from(hubText(nonce, unit, hubTime)), publicKey, Buffer.from(proof, 'base64url'));
}

/** Pairs, and remembers the hub's key. */
async function pair(call: Call, identity: Identity, code: string): Promise<Said<'paired'>> {
  const message = await pairMessage(call, identity, code);
  call.send(message);
  const paired = await call.next('paired');
  expect(isByHub(paired.hubKey, message.nonce, identity.unit, paired), 'paired to be signed by the key it names');
  hubKeys.set(identity, paired.hubKey);
  return paired;
}

const spoilt = (proof: string) => `${proof.startsWith('A') ? 'B' : 'A'}${proof.slice(1)}`;

const ended = (why: string, text: string | Buffer | (() => string)): Rule['run'] =>
  async function run({ open }) {
    const call = open();
    await call.next('challenge');
    call.sendText(typeof text === 'function' ? text() : text);
    expectEqual(await call.ending(), why, 'the goodbye');
  };

const BEFORE: readonly Rule[] = [
  {
    id: 'connect.subprotocol',
    text: 'chooses the subprotocol genkan.1, and turns away who doesn’t offer it',
    codes: 0,
    async run({ open }) {
      const call = open();
      await call.next('challenge');
      expectEqual(call.subprotocol, WIRE.subprotocol, 'the subprotocol');
      const other = open({ subprotocol: null });
      expectEqual(await other.ending(), 'closed', 'a connection without it');
    },
  },
  {
    id: 'connect.challenge',
    text: 'says a challenge first, with another nonce on each connection',
    codes: 0,
    async run({ open }) {
      const [a, b] = [await open().next('challenge'), await open().next('challenge')];
      expect(a.nonce !== b.nonce, 'two nonces');
    },
  },
  { id: 'bounds.json', text: 'ends with not-a-message what is no JSON', codes: 0, run: ended('not-a-message', '{') },
  {
    id: 'bounds.keys',
    text: 'ends with not-a-message what has a key too many',
    codes: 0,
    run: ended('not-a-message', JSON.stringify({ type: 'applied', revision: 1, more: true })),
  },
  { id: 'bounds.binary', text: 'ends binary messages', codes: 0, run: ended('not-a-message', Buffer.from('{}')) },
  {
    id: 'bounds.depth',
    text: `ends with too-large what is nested deeper than ${WIRE.depth}`,
    codes: 0,
    run: ended('too-large', `${'['.repeat(WIRE.depth + 1)}${']'.repeat(WIRE.depth + 1)}`),
  },
  {
    id: 'bounds.size',
    text: `ends what is larger than ${WIRE.messageBytes} bytes, with too-large or the transport’s own word`,
    codes: 0,
    async run({ open }) {
      const call = open();
      await call.next('challenge');
      call.sendText(' '.repeat(WIRE.messageBytes + 1));
      const why = await call.ending();
      expect(why === 'too-large' || call.closed === 1009, 'too-large or 1009');
    },
  },
  {
    id: 'greet.first',
    text: 'ends with not-expected what comes before pair or hello',
    codes: 0,
    run: ended('not-expected', JSON.stringify({ type: 'ping', at: 1, queued: 0 })),
  },
  {
    id: 'greet.version',
    text: 'ends another version with version',
    codes: 0,
    async run({ open }) {
      const call = open();
      const message = await helloMessage(call, new Identity());
      call.send({ ...message, version: WIRE.version + 1 });
      expectEqual(await call.ending(), 'version', 'the goodbye');
    },
  },
];

const PAIRING: readonly Rule[] = [
  {
    id: 'pair.code',
    text: 'ends with code a code that it didn’t give',
    codes: 0,
    async run({ open }) {
      const call = open();
      call.send(await pairMessage(call, new Identity(), 'ZZZZZZZZZZZZ'));
      expectEqual(await call.ending(), 'code', 'the goodbye');
    },
  },
  {
    id: 'pair.proof',
    text: 'ends with proof a key that its owner doesn’t prove, and leaves the code unused',
    codes: 1,
    async run({ open, codes: [code = ''] }) {
      const call = open();
      const message = await pairMessage(call, new Identity(), code);
      call.send({ ...message, proof: spoilt(message.proof) });
      expectEqual(await call.ending(), 'proof', 'the goodbye');
    },
  },
  {
    id: 'pair.paired',
    text: 'pairs with a code, and proves its own key and time',
    codes: 1,
    async run({ open, first, codes: [code = ''] }) {
      await pair(open(), first, code);
    },
  },
  {
    id: 'pair.again',
    text: 'gives the same unit with the same key the same answer again, and nobody else',
    codes: 1,
    async run({ open, first, codes: [code = ''] }) {
      const paired = await pair(open(), first, code);
      expectEqual(paired.hubKey, hubKeys.get(first), 'the hub’s key');
      const other = open();
      other.send(await pairMessage(other, new Identity(), code));
      expectEqual(await other.ending(), 'code', 'the goodbye to somebody else');
    },
  },
];

const HELLO: readonly Rule[] = [
  {
    id: 'hello.unknown',
    text: 'ends with unknown-unit a unit that it doesn’t know',
    codes: 0,
    async run({ open }) {
      const call = open();
      call.send(await helloMessage(call, new Identity()));
      expectEqual(await call.ending(), 'unknown-unit', 'the goodbye');
    },
  },
  {
    id: 'hello.key',
    text: 'ends with proof a hello by another key',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      call.send(await helloMessage(call, new Identity(first.unit)));
      expectEqual(await call.ending(), 'proof', 'the goodbye');
    },
  },
  {
    id: 'hello.replay',
    text: 'ends with proof a hello that was said on another connection',
    codes: 1,
    async run({ open, first }) {
      const [one, other] = [open(), open()];
      const message = await helloMessage(one, first);
      await other.next('challenge');
      other.send(message);
      expectEqual(await other.ending(), 'proof', 'the goodbye');
    },
  },
  {
    id: 'hello.welcome',
    text: 'welcomes a paired unit, and proves that it is the hub it was paired with',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      const message = await helloMessage(call, first);
      call.send(message);
      const welcome = await call.next('welcome');
      const key = hubKeys.get(first) ?? '';
      expect(isByHub(key, message.nonce, first.unit, welcome), 'the welcome to be signed by the hub’s key');
      expectEqual(welcome.acknowledged, null, 'acknowledged of a new epoch');
    },
  },
  {
    id: 'hello.once',
    text: 'ends with not-expected a second hello',
    codes: 1,
    async run({ open, first }) {
      const call = open();
      const message = await helloMessage(call, first);
      call.send(message);
      call.send(message);
      expectEqual(await call.ending(), 'not-expected', 'the goodbye');
    },
  },
  {
    id: 'hello.newer',
    text: 'ends the older of two connections of one unit',
    codes: 1,
    async run({ open, first }) {
      const [older, newer] = [open(), open()];
      await enter(older, first);
      await enter(newer, first);
      expectEqual(await older.ending(), 'not-expected', 'the goodbye to the older');
      expect(await newer.isQuiet(), 'the newer to go on');
    },
  },
  {
    id: 'pair.second',
    text: 'pairs a second unit with a code of its own',
    codes: 2,
    async run({ open, second, codes: [, code = ''] }) {
      await pair(open(), second, code);
    },
  },
];

export const GREETING: readonly Rule[] = [...BEFORE, ...PAIRING, ...HELLO];
