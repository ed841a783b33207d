/** As much of Markdown as the manuals use, as blocks: headings, paragraphs, lists, tables, code, images. Bounded. Pure. */
export type Span =
  | { readonly kind: 'text' | 'strong' | 'em' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly to: string };

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly spans: readonly Span[] }
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Span[])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Span[])[];
      readonly rows: readonly (readonly (readonly Span[])[])[];
    }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'image'; readonly alt: string; readonly file: string };

const MOST_LETTERS = 400_000;
const MOST_BLOCKS = 5_000;

export function parseMarkdown(source: string): readonly Block[] {
  const lines = source.slice(0, MOST_LETTERS).replaceAll('\r', '').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length && blocks.length < MOST_BLOCKS) {
    const { block, next } = blockAt(lines, at);
    if (block !== null) blocks.push(block);
    at = Math.max(next, at + 1);
  }
  return blocks;
}

interface Taken {
  readonly block: Block | null;
  readonly next: number;
}

const ITEM = /^(?:[-*]|\d+\.)\s+/;

function blockAt(lines: readonly string[], at: number): Taken {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { block: null, next: at + 1 };
  if (line.startsWith('```')) return codeAt(lines, at);
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading !== null) {
    const [, marks = '', text = ''] = heading;
    return { block: { kind: 'heading', level: marks.length, spans: spansOf(text) }, next: at + 1 };
  }
  const image = /^!\[([^\]]*)\]\(([^)\s]+)\)\s*$/.exec(line);
  if (image !== null) return { block: { kind: 'image', alt: image[1] ?? '', file: image[2] ?? '' }, next: at + 1 };
  if (line.startsWith('|')) return tableAt(lines, at);
  return ITEM.test(line) ? listAt(lines, at) : paragraphAt(lines, at);
}

function codeAt(lines: readonly string[], at: number): Taken {
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? '').startsWith('```')) end += 1;
  return { block: { kind: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 };
}

function tableAt(lines: readonly string[], at: number): Taken {
  let end = at;
  while ((lines[end] ?? '').startsWith('|')) end += 1;
  const cells = (line: string) =>
    line
      .replace(/^\|/, '')
      .replace(/\|\s*$/, '')
      .split('|')
      .map((cell) => spansOf(cell.trim()));
  const [head = '', , ...rows] = lines.slice(at, end);
  return { block: { kind: 'table', head: cells(head), rows: rows.map(cells) }, next: end };
}

/** A line that is indented goes on with the item before. */
function listAt(lines: readonly string[], at: number): Taken {
  const ordered = /^\d/.test(lines[at] ?? '');
  const items: string[] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    if (ITEM.test(line) && /^\d/.test(line) === ordered) items.push(line.replace(ITEM, ''));
    else if (/^\s+\S/.test(line) && items.length > 0) items[items.length - 1] += ` ${line.trim()}`;
    else break;
  }
  return { block: { kind: 'list', ordered, items: items.map(spansOf) }, next: end };
}

function paragraphAt(lines: readonly string[], at: number): Taken {
  let end = at + 1;
  const begins = (line: string) => line.trim() === '' || /^(?:#{1,6}\s|```|\||!\[)/.test(line) || ITEM.test(line);
  while (end < lines.length && !begins(lines[end] ?? '')) end += 1;
  return { block: { kind: 'paragraph', spans: spansOf(lines.slice(at, end).join(' ')) }, next: end };
}

/** Bold, italics, code and links within a line. What isn't closed is text. */
export function spansOf(text: string): readonly Span[] {
  const spans: Span[] = [];
  const mark = /\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)/g;
  let from = 0;
  for (const found of text.matchAll(mark)) {
    const [whole, strong, em, code, word, to] = found;
    if (found.index > from) spans.push({ kind: 'text', text: text.slice(from, found.index) });
    if (strong !== undefined) spans.push({ kind: 'strong', text: strong });
    else if (em !== undefined) spans.push({ kind: 'em', text: em });
    else if (code !== undefined) spans.push({ kind: 'code', text: code });
    else if (word !== undefined && to !== undefined) spans.push({ kind: 'link', text: word, to });
    from = found.index + whole.length;
  }
  if (from < text.length) spans.push({ kind: 'text', text: text.slice(from) });
  return spans;
}
