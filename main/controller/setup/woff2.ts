/**
 * Turns a WOFF2 file into the TrueType font that it holds (W3C WOFF File Format 2.0). The PDF writer copies glyphs byte by
 * byte, and in WOFF2 they are packed otherwise: they come out blank. For the fonts that are shipped, not for others'.
 */
import { brotliDecompressSync } from 'node:zlib';
import { Bytes } from './woff2-bytes.ts';
import { type Glyphs, unpackGlyphs, unpackMetrics } from './woff2-glyphs.ts';

const SIGNATURE = 0x774f_4632;
const HEADER_BYTES = 48;
/** In the order of the specification's table of known tags. */
const TAGS =
  'cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG_ sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill'
    .replaceAll('_', ' ')
    .match(/.{4}(?: |$)/g)
    ?.map((tag) => tag.slice(0, 4)) ?? [];
const OTHER_TAG = 63;
const UNCHANGED = 3;

interface Entry {
  readonly tag: string;
  readonly isPacked: boolean;
  readonly bytes: number;
}

/** @returns the font's bytes. Throws where they are no WOFF2 with TrueType outlines. */
export function fromWoff2(file: Buffer): Buffer {
  if (file.length < HEADER_BYTES || file.readUInt32BE(0) !== SIGNATURE) throw new Error('a font is not WOFF2');
  const flavor = file.readUInt32BE(4);
  const count = file.readUInt16BE(12);
  const packed = file.readUInt32BE(20);
  const directory = new Bytes(file.subarray(HEADER_BYTES));
  const entries = Array.from({ length: count }, () => entryOf(directory));
  const start = HEADER_BYTES + directory.at;
  const data = brotliDecompressSync(file.subarray(start, start + packed));
  const tables = new Map<string, Buffer>();
  const isPacked = new Set(entries.filter((entry) => entry.isPacked).map(({ tag }) => tag));
  let at = 0;
  for (const { tag, bytes } of entries) {
    // All slices of a family have one name, and the PDF writer would take the first for each of them.
    if (tag !== 'name') tables.set(tag, data.subarray(at, at + bytes));
    at += bytes;
  }
  return assemble(flavor, unpacked(tables, isPacked));
}

function entryOf(directory: Bytes): Entry {
  const flags = directory.u8();
  const known = flags & 0x3f;
  const tag = known === OTHER_TAG ? directory.take(4).toString('latin1') : (TAGS[known] ?? '');
  const version = flags >> 6;
  const isOutline = tag === 'glyf' || tag === 'loca';
  const isPacked = isOutline ? version !== UNCHANGED : version !== 0;
  const length = directory.base128();
  return { tag, isPacked, bytes: isPacked ? directory.base128() : length };
}

function unpacked(tables: Map<string, Buffer>, isPacked: ReadonlySet<string>): ReadonlyMap<string, Buffer> {
  const outlines = isPacked.has('glyf') ? tables.get('glyf') : undefined;
  if (outlines === undefined) return tables;
  const glyphs: Glyphs = unpackGlyphs(outlines);
  const next = new Map(tables).set('glyf', glyphs.glyf).set('loca', glyphs.loca);
  const [head, metrics, header] = ['head', 'hmtx', 'hhea'].map((tag) => tables.get(tag));
  if (head !== undefined) next.set('head', withLongOffsets(head));
  if (isPacked.has('hmtx') && metrics !== undefined && header !== undefined)
    next.set('hmtx', unpackMetrics(metrics, header.readUInt16BE(34), glyphs.leftmost));
  return next;
}

const OFFSET_FORMAT_AT = 50;

function withLongOffsets(head: Buffer): Buffer {
  const copy = Buffer.from(head);
  copy.writeInt16BE(1, OFFSET_FORMAT_AT);
  return copy;
}

/** Checksums stay 0: nobody who reads this asks for them. */
function assemble(flavor: number, tables: ReadonlyMap<string, Buffer>): Buffer {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const directory = Buffer.alloc(12 + 16 * sorted.length);
  directory.writeUInt32BE(flavor, 0);
  directory.writeUInt16BE(sorted.length, 4);
  let offset = directory.length;
  const padded = sorted.map(([tag, bytes], index) => {
    const at = 12 + 16 * index;
    directory.write(tag, at, 'latin1');
    directory.writeUInt32BE(offset, at + 8);
    directory.writeUInt32BE(bytes.length, at + 12);
    const whole = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
    offset += whole.length;
    return whole;
  });
  return Buffer.concat([directory, ...padded]);
}
