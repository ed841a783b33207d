// Whoever sets a hub up mistypes: one line says which variable, and what belongs there. And nobody gets a hub onto the
// open network without TLS by leaving something out.
import { expect, test } from 'vitest';
import { isLoopback, isOurHost, readConfig } from './config.ts';

test('by itself it listens on loopback, over SQLite', () => {
  expect(readConfig({})).toMatchObject({
    ok: true,
    value: { host: '127.0.0.1', port: 8378, dataDir: '.hub', databaseUrl: null, tls: null, behindProxy: false },
  });
});

test.each([
  [{ HUB_PORT: '70000' }, 'HUB_PORT: expected a port, 0 to 65535'],
  [{ HUB_HOST: 'a b' }, 'HUB_HOST: expected a host name or an address, such as 127.0.0.1'],
  [{ DATABASE_URL: 'mysql://root:secret@db/x' }, 'DATABASE_URL: expected an address beginning with postgres://'],
  [{ HUB_TLS_CERT: 'cert.pem' }, 'HUB_TLS_CERT and HUB_TLS_KEY: give both or none'],
  [{ HUB_BEHIND_PROXY: 'yes' }, 'HUB_BEHIND_PROXY: expected 0 or 1'],
  [{ HUB_NEW_ADMIN_CODE: 'yes' }, 'HUB_NEW_ADMIN_CODE: expected 0 or 1'],
])('%o is said by its name, without what was there', (env, line) => {
  expect(readConfig(env)).toEqual({ ok: false, error: [line] });
});

test('on the network only with TLS, or behind a proxy that has it', () => {
  const open = { HUB_HOST: '0.0.0.0' };
  expect(readConfig(open)).toMatchObject({ ok: false, error: [expect.stringContaining('TLS')] });
  expect(readConfig({ ...open, HUB_BEHIND_PROXY: '1' }).ok).toBe(true);
  expect(readConfig({ ...open, HUB_TLS_CERT: 'c', HUB_TLS_KEY: 'k' }).ok).toBe(true);
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['127.0.0.1.evil.test', false],
  ['192.0.2.1', false],
])('%s on loopback: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is);
});

test('a page of somebody else’s can’t reach a hub on loopback under its own name', () => {
  const config = readConfig({ HUB_NAMES: 'hub.example.org' });
  if (!config.ok) throw new Error('no config');
  const asked = ['127.0.0.1:8378', 'localhost:8378', '[::1]:8378', 'HUB.example.org', 'evil.test:8378', undefined];
  expect(asked.map((host) => isOurHost(config.value, host))).toEqual([true, true, true, true, false, false]);
});
