import { BlockList, isIP } from 'node:net';

/** Addresses and ranges, `192.168.1.20` and `192.168.1.0/28`. An IPv4 address may come written as IPv6. */
export class SourceList {
  readonly #list = new BlockList();

  constructor(sources: readonly string[]) {
    for (const source of sources) {
      const [address = '', prefix] = source.split('/');
      const family = familyOf(address);
      if (prefix === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(prefix), family);
    }
  }

  has(address: string): boolean {
    return isIP(address) !== 0 && this.#list.check(address, familyOf(address));
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
