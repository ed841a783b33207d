/** Addresses of hubs and what a person gets to pair with one: untrusted text to values. */
import { err, ok, type Result } from '../../main/core/result.ts';
import type { HubAddress } from './ports.ts';

const MOST_CHARACTERS = 2_000;
const PATH = '/v1/unit';
const QR = /^(?:genkan-pair:)?(.+)#([^#]+)$/s;
const CODE = /^[0-9A-Z]{8,32}$/;
const PIN = /^[A-Za-z0-9+/]{43}=$/;

/** @param text `https://hub.example`, with or without the protocol's path @returns else one line that says what is wrong */
export function parseAddress(text: string, pin: string | null): Result<HubAddress, string> {
  const url = text.length <= MOST_CHARACTERS ? URL.parse(text) : null;
  if (url === null) return err('the hub’s address is none: write it as https://hub.example');
  const isPlain = url.protocol === 'http:' || url.protocol === 'ws:';
  if (!isPlain && url.protocol !== 'https:' && url.protocol !== 'wss:')
    return err('the hub’s address must begin with https: or wss:');
  if (isPlain && !isLoopback(url.hostname))
    return err('the hub’s address must begin with https:, since it is on another machine');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return err('the hub’s address must have neither a user nor anything after ? or #');
  if (pin !== null && !PIN.test(pin)) return err('the pin must be a SHA-256 in base64: 44 characters');
  const path = url.pathname === '/' ? PATH : url.pathname;
  return ok({ url: `${isPlain ? 'ws' : 'wss'}://${url.host}${path}`, host: url.host, pin });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** `genkan-pair:<url>#<code>`, also typed without the first word, or address and code as two words; the code with or without separators. */
export function parsePairing(
  words: readonly string[],
): Result<{ readonly url: string; readonly code: string }, string> {
  const [first = '', second] = words;
  const scanned = second === undefined ? QR.exec(first.trim()) : null;
  const url = scanned?.[1] ?? first;
  const typed = scanned?.[2] ?? second;
  if (typed === undefined) return err('give the hub’s address and the code, or the text of its QR code');
  const code = typed.replaceAll(/[\s-]/g, '').toUpperCase();
  if (!CODE.test(code)) return err('the code is none of a hub’s: 8 to 32 letters and digits');
  return ok({ url, code });
}
