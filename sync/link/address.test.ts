// Somebody types an address and a code, or scans the QR code of the hub's console. What is wrong with it is said in one
// line; a code never stands in it.
import { describe, expect, test } from 'vitest';
import { parseAddress, parsePairing } from './address.ts';

const PIN = `${'A'.repeat(43)}=`;

describe('an address', () => {
  test.each([
    ['https://hub.example', 'wss://hub.example/v1/unit', 'hub.example'],
    ['https://hub.example/', 'wss://hub.example/v1/unit', 'hub.example'],
    ['wss://Hub.Example:8443/deep/path', 'wss://hub.example:8443/deep/path', 'hub.example:8443'],
    ['https://hub.example:443', 'wss://hub.example/v1/unit', 'hub.example'],
    ['http://127.0.0.1:8378', 'ws://127.0.0.1:8378/v1/unit', '127.0.0.1:8378'],
    ['ws://localhost:8378/v1/unit', 'ws://localhost:8378/v1/unit', 'localhost:8378'],
    ['http://[::1]:8378', 'ws://[::1]:8378/v1/unit', '[::1]:8378'],
  ])('%s', (text, url, host) => {
    expect(parseAddress(text, null)).toEqual({ ok: true, value: { url, host, pin: null } });
  });

  test.each([
    ['http://hub.example', 'since it is on another machine'],
    ['ws://127.0.0.1.example', 'since it is on another machine'],
    ['ftp://hub.example', 'must begin with https:'],
    ['hub.example', 'is none'],
    ['https://ana:secret@hub.example', 'neither a user'],
    ['https://hub.example/?token=secret', 'neither a user'],
    [`https://${'x'.repeat(2_000)}`, 'is none'],
  ])('%s is none that is called', (text, why) => {
    const parsed = parseAddress(text, null);
    expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining(why) });
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });

  test('is pinned by a SHA-256 in base64, and by nothing else', () => {
    expect(parseAddress('https://hub.example', PIN)).toMatchObject({ ok: true, value: { pin: PIN } });
    expect(parseAddress('https://hub.example', 'sha256:abc')).toMatchObject({ ok: false });
  });
});

describe('what pairs', () => {
  test.each([
    [['https://hub.example', 'ABCD2345']],
    [['https://hub.example', ' abcd-2345 ']],
    [['genkan-pair:https://hub.example#ABCD2345']],
    [[' genkan-pair:https://hub.example#abcd-2345\n']],
  ])('%s', (words) => {
    expect(parsePairing(words)).toEqual({ ok: true, value: { url: 'https://hub.example', code: 'ABCD2345' } });
  });

  test.each([
    [['https://hub.example'], 'give the hub’s address and the code'],
    [['genkan-pair:https://hub.example'], 'give the hub’s address and the code'],
    [['https://hub.example', 'SHORT'], 'the code is none'],
    [['https://hub.example', 'ABCD2345!'], 'the code is none'],
    [[], 'give the hub’s address'],
  ])('%s does not', (words, why) => {
    const parsed = parsePairing(words);
    expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining(why) });
    expect(JSON.stringify(parsed)).not.toContain('SHORT');
  });
});
