/** From where somebody calls, as far as it can be told apart: whoever has one address of IPv6 has all of its network's. */
import { isIPv6 } from 'node:net';

const HEXTETS = 8;
/** Of the 64 bits that a network has. */
const OF_NETWORK = 4;

/** @returns an IPv4 address as it is, of an IPv6 one its network; whatever isn't an address stays what it is */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [bare = ''] = address.toLowerCase().split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  const [before = '', after = ''] = bare.split('::');
  const [head, tail] = [hextets(before), hextets(after)];
  const zeros = Array.from({ length: Math.max(0, HEXTETS - head.length - tail.length) }, () => '0');
  const all = [...head, ...zeros, ...tail].map((hextet) => hextet.replace(/^0+(?=.)/, ''));
  return `${all.slice(0, OF_NETWORK).join(':')}::/64`;
}

function hextets(part: string): string[] {
  return part === '' ? [] : part.split(':');
}
