/**
 * Finds units of this site by mDNS (RFC 6762, 6763): a service with the unit's id and a digest of its site, nothing that
 * anybody could use. What comes is untrusted: it says where to knock, never who is there.
 */
import { createHash } from 'node:crypto';
import mdns, { type MulticastDNS } from 'multicast-dns';
import { PEER } from '../../wire/peer.ts';
import type { Found, PeerFinder } from './ports.ts';

type Response = mdns.ResponsePacket;
type Answer = NonNullable<Response['answers']>[number];

const TTL_S = 120;
const MOST_RECORDS = 64;
const MOST_TEXT = 256;

interface Self {
  readonly unit: string;
  readonly site: string;
  readonly port: number;
}

/** Says nothing to whoever doesn't know the tenant's sites. */
export function siteDigest(site: string): string {
  return createHash('sha256').update(`genkan site ${site}`).digest('hex').slice(0, 16);
}

export class MdnsFinder implements PeerFinder {
  readonly #host: string;
  readonly #tell: (line: string) => void;
  #socket: MulticastDNS | null = null;
  #self: Self | null = null;

  /** @param host the address that peers are awaited on; its network is asked */
  constructor(host: string, tell: (line: string) => void) {
    this.#host = host;
    this.#tell = tell;
  }

  start(self: Self, found: (peer: Found) => void): void {
    this.#self = self;
    const isAny = this.#host === '0.0.0.0' || this.#host === '::';
    const socket = mdns({ reuseAddr: true, ...(isAny ? {} : { interface: this.#host, bind: '0.0.0.0' }) });
    this.#socket = socket;
    socket.on('error', (error: Error) => this.#tell(`looking for units of this site failed: ${error.message}`));
    socket.on('warning', () => undefined);
    socket.on('query', (packet) => {
      if (packet.questions?.some(({ name }) => name === PEER.service)) this.#answer();
    });
    socket.on('response', (packet, from) => {
      for (const peer of foundIn(packet, siteDigest(self.site), from.address)) {
        if (peer.unit !== self.unit) found(peer);
      }
    });
    socket.on('ready', () => {
      this.#answer();
      this.ask();
    });
  }

  ask(): void {
    this.#socket?.query({ questions: [{ name: PEER.service, type: 'PTR' }] });
  }

  stop(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #answer(): void {
    if (this.#self === null) return;
    const { unit, site, port } = this.#self;
    const name = `${unit}.${PEER.service}`;
    const data = [`v=${PEER.version}`, `unit=${unit}`, `site=${siteDigest(site)}`];
    this.#socket?.respond({
      answers: [
        { name: PEER.service, type: 'PTR', ttl: TTL_S, data: name },
        { name, type: 'SRV', ttl: TTL_S, data: { target: `${unit}.local`, port, priority: 0, weight: 0 } },
        { name, type: 'TXT', ttl: TTL_S, data },
      ],
    });
  }
}

/** The units of this site that an answer speaks of. @param host where it came from: a unit answers for itself alone */
export function foundIn({ answers, additionals }: Response, site: string, host: string): Found[] {
  const records = [...(answers ?? []), ...(additionals ?? [])].slice(0, MOST_RECORDS);
  return records.flatMap((record) => {
    if (record.type !== 'SRV' || !record.name.endsWith(`.${PEER.service}`)) return [];
    const texts = textsOf(records.find(({ type, name }) => type === 'TXT' && name === record.name));
    const unit = textAt(texts, 'unit');
    const { port } = record.data;
    if (unit === null || textAt(texts, 'site') !== site || port < 1 || port > 65_535) return [];
    return [{ unit, host, port }];
  });
}

function textsOf(record: Answer | undefined): string[] {
  if (record?.type !== 'TXT') return [];
  const data = Array.isArray(record.data) ? record.data : [record.data];
  return data.slice(0, MOST_RECORDS).map((text) => String(text).slice(0, MOST_TEXT));
}

function textAt(texts: readonly string[], key: string): string | null {
  const text = texts.find((one) => one.startsWith(`${key}=`));
  return text === undefined ? null : text.slice(key.length + 1);
}
