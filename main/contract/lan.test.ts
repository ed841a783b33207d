// Who may report to the unit over the LAN is written by hand: each mistake is named by its path.
import { expect, test } from 'vitest';
import { parseConfig, unknownDoors } from './config.ts';
import { parsePassage } from './passage.ts';

const TERMINAL = { id: 'face', doorId: 'side', tokenDigest: 'a'.repeat(64), from: ['192.168.1.20'] };
const TLS = { cert: 'cert.pem', key: 'key.pem' };
const LAN = { host: '192.168.1.10', port: 8443, tls: TLS, terminals: [TERMINAL] };
const DOOR = { id: 'front', lock: { driver: 'sim' }, readers: [{ id: 'in', driver: 'sim' }] };

const parse = (lan: unknown) => parseConfig({ dataDir: 'data', doors: [DOOR], lan });

function mistakes(lan: unknown): string[] {
  const parsed = parse(lan);
  return parsed.ok ? [] : parsed.error.map(({ path }) => path);
}

test('off by default; without terminals; with defaults', () => {
  expect(parseConfig({ dataDir: 'data', doors: [DOOR] })).toMatchObject({ ok: true, value: { lan: null } });
  expect(parse({ host: '0.0.0.0', port: 1, tls: TLS })).toMatchObject({ ok: true, value: { lan: { terminals: [] } } });
  expect(parse(LAN)).toMatchObject({ ok: true, value: { lan: { terminals: [{ direction: 'in' }] } } });
});

test('units of the site are awaited where the configuration says so, without a certificate of one’s own', () => {
  const peers = { host: '192.168.1.10' };
  const plain = { host: '192.168.1.10', port: 1, tls: null, peers };
  expect(parse(plain)).toMatchObject({ ok: true, value: { lan: { peers: { ...peers, port: 8_379 } } } });
  expect(parse(LAN)).toMatchObject({ ok: true, value: { lan: { peers: null } } });
  expect(mistakes({ ...plain, peers: { host: 'unit.local' } })).toStrictEqual(['lan.peers.host']);
  expect(mistakes({ ...plain, terminals: [TERMINAL] })).toStrictEqual(['lan.tls']);
});

const terminal = (change: object) => ({ ...LAN, terminals: [{ ...TERMINAL, ...change }] });

test.each([
  ['a name for an address', { ...LAN, host: 'unit.local' }, 'lan.host'],
  ['no port', { host: LAN.host, tls: TLS }, 'lan.port'],
  ['plain on the LAN', { ...LAN, tls: null }, 'lan.tls'],
  ['plain on every address', { ...LAN, host: '0.0.0.0', tls: null }, 'lan.tls'],
  ['half of TLS', { ...LAN, tls: { cert: 'x' } }, 'lan.tls.key'],
  ['the token itself', terminal({ tokenDigest: 'hunter2' }), 'lan.terminals[0].tokenDigest'],
  ['anybody', terminal({ from: [] }), 'lan.terminals[0].from'],
  ['a name in the list', terminal({ from: ['face.local'] }), 'lan.terminals[0].from[0]'],
  ['a range that is none', terminal({ from: ['192.168.1.0/33'] }), 'lan.terminals[0].from[0]'],
  ['a reader’s id', terminal({ id: 'in' }), 'lan.terminals[0].id'],
  ['a toggle', terminal({ direction: 'toggle' }), 'lan.terminals[0].direction'],
  ['something else', { ...LAN, users: [] }, 'lan.users'],
  ['too many', { ...LAN, terminals: Array.from({ length: 65 }, () => TERMINAL) }, 'lan.terminals'],
])('%s', (_, lan, path) => {
  expect(mistakes(lan)).toEqual([path]);
});

test('two terminals have ids and tokens of their own', () => {
  expect(mistakes({ ...LAN, terminals: [TERMINAL, TERMINAL] })).toEqual([
    'lan.terminals[1].id',
    'lan.terminals[1].tokenDigest',
  ]);
});

test.each(['127.0.0.1', '::1'])('plain on %s, for an adapter beside it', (host) => {
  expect(mistakes({ ...LAN, host, tls: null })).toEqual([]);
});

test('IPv6, and ranges of both', () => {
  expect(mistakes(terminal({ from: ['fd00::20', 'fd00::/64', '192.168.1.16/28'] }))).toEqual([]);
});

test('a terminal’s door is one of the site’s', () => {
  const config = parse(LAN);
  if (!config.ok) throw new Error('it is right');
  expect(unknownDoors(config.value, new Set(['front'])).map(({ path }) => path)).toEqual(['lan.terminals[0].doorId']);
  expect(unknownDoors(config.value, new Set(['front', 'side']))).toEqual([]);
});

test('a mistake in a passage never quotes what was there', () => {
  const passage = { id: '安藤', at: 'M0001', code: 7, memberId: ' secret ' };
  const parsed = parsePassage(passage);
  expect(parsed.ok).toBe(false);
  for (const said of ['安藤', 'M0001', 'secret']) expect(JSON.stringify(parsed)).not.toContain(said);
});
