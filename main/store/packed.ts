/**
 * Prepared rows on their way from one thread to another: bytes alone. They become values when it is their turn to be kept,
 * and are gone right after: lists and texts that wait for it outlive a collection of garbage or two, and the heap grows by
 * them.
 */
import { DIGEST_BYTES, type Group, type Members, type Prepared, WIDTH } from './prepared.ts';

export interface Packed {
  /** JSON of each group without its bytes, a line each. */
  readonly lines: Uint8Array<ArrayBuffer>;
  readonly sealed: Uint8Array<ArrayBuffer>;
  readonly digests: Uint8Array<ArrayBuffer>;
  /** Rows in all groups. */
  readonly count: number;
}

const LINE_FEED = 10;

type WithoutBytes = Omit<Members, 'sealed' | 'digests'> | Exclude<Group, Members>;

export function pack({ groups, count }: Prepared): Packed {
  const texts: string[] = [];
  const [sealed, digests]: [Uint8Array[], Uint8Array[]] = [[], []];
  for (const group of groups) {
    texts.push(JSON.stringify(withoutBytes(group)));
    if (group.of !== 'members') continue;
    sealed.push(group.sealed);
    digests.push(group.digests);
  }
  const lines = together([Buffer.from(texts.join('\n'))]);
  return { lines, sealed: together(sealed), digests: together(digests), count };
}

/** What was packed, a group whenever one is asked for; once. */
export function unpack(packed: Packed): Prepared {
  return { groups: unpacked(packed), count: packed.count };
}

function* unpacked({ lines, sealed, digests }: Packed): Generator<Group, void> {
  let [sealedAt, digestsAt] = [0, 0];
  for (const line of linesOf(Buffer.from(lines.buffer))) {
    const group: WithoutBytes = JSON.parse(line);
    if (group.of !== 'members') {
      yield group;
      continue;
    }
    const [sealedTo, digestsTo] = [sealedAt + sealedLength(group), digestsAt + group.holders.length * DIGEST_BYTES];
    yield {
      ...group,
      sealed: sealed.subarray(sealedAt, sealedTo),
      digests: digests.subarray(digestsAt, digestsTo),
    };
    [sealedAt, digestsAt] = [sealedTo, digestsTo];
  }
}

function* linesOf(bytes: Buffer): Generator<string, void> {
  for (let at = 0; at < bytes.length; ) {
    const next = bytes.indexOf(LINE_FEED, at);
    const end = next === -1 ? bytes.length : next;
    yield bytes.toString('utf8', at, end);
    at = end + 1;
  }
}

function withoutBytes(group: Group): WithoutBytes {
  if (group.of !== 'members') return group;
  const { of, members, contracts, holders } = group;
  return { of, members, contracts, holders };
}

function sealedLength({ members }: Pick<Members, 'members'>): number {
  let length = 0;
  for (let at = WIDTH.member - 1; at < members.length; at += WIDTH.member) length += Number(members[at]);
  return length;
}

/** In memory of its own: what is handed to another thread must not be a part of something else. */
function together(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
