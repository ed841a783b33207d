// A technician reads the manual on the unit's own screen: all that our manuals are made of is shown, and nothing in them
// can do more than be shown.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Block, parseMarkdown, spansOf } from './markdown.ts';

const MANUAL = join(import.meta.dirname, '../../../resources/manual');
const text = (spans: ReturnType<typeof spansOf>) => spans.map((span) => span.text).join('');

test('headings, paragraphs, lists, tables, code and images become blocks', () => {
  const source = [
    '# Title',
    'One line',
    'and its next.',
    '',
    '- first',
    '  goes on',
    '- second',
    '1. one',
    '2. two',
    '![The cabinet](images/cabinet.svg)',
    '| a | b |',
    '|---|---|',
    '| 1 | **2** |',
    '```',
    '# not a title',
    '```',
    'end',
  ];
  expect(parseMarkdown(source.join('\n'))).toMatchObject([
    { kind: 'heading', level: 1, spans: [{ text: 'Title' }] },
    { kind: 'paragraph', spans: [{ text: 'One line and its next.' }] },
    { kind: 'list', ordered: false, items: [[{ text: 'first goes on' }], [{ text: 'second' }]] },
    { kind: 'list', ordered: true, items: [[{ text: 'one' }], [{ text: 'two' }]] },
    { kind: 'image', alt: 'The cabinet', file: 'images/cabinet.svg' },
    {
      kind: 'table',
      head: [[{ text: 'a' }], [{ text: 'b' }]],
      rows: [[[{ text: '1' }], [{ kind: 'strong', text: '2' }]]],
    },
    { kind: 'code', text: '# not a title' },
    { kind: 'paragraph', spans: [{ text: 'end' }] },
  ]);
});

test('marks within a line, and those that are never closed', () => {
  expect(spansOf('a **b** `c` *d* [e](f.md) **g')).toStrictEqual([
    { kind: 'text', text: 'a ' },
    { kind: 'strong', text: 'b' },
    { kind: 'text', text: ' ' },
    { kind: 'code', text: 'c' },
    { kind: 'text', text: ' ' },
    { kind: 'em', text: 'd' },
    { kind: 'text', text: ' ' },
    { kind: 'link', text: 'e', to: 'f.md' },
    { kind: 'text', text: ' **g' },
  ]);
});

test('markup of the web is text, and endless input ends', () => {
  expect(parseMarkdown('<script>alert(1)</script>')).toMatchObject([
    { spans: [{ kind: 'text', text: '<script>alert(1)</script>' }] },
  ]);
  expect(parseMarkdown('# x\n'.repeat(200_000)).length).toBe(5_000);
  expect(parseMarkdown('```\nnever closed')).toMatchObject([{ kind: 'code', text: 'never closed' }]);
});

describe.each(readdirSync(MANUAL).filter((name) => name.endsWith('.md')))('%s', (name) => {
  const source = readFileSync(join(MANUAL, name), 'utf8');
  const blocks = parseMarkdown(source);
  const texts = (block: Block): readonly string[] => {
    if (block.kind === 'list') return block.items.map(text);
    if (block.kind === 'table') return [...block.head.map(text), ...block.rows.flatMap((row) => row.map(text))];
    return block.kind === 'heading' || block.kind === 'paragraph' ? [text(block.spans)] : [];
  };

  test('leaves no mark over, and loses no image and no heading', () => {
    for (const line of blocks.flatMap(texts)) expect(line).not.toMatch(/^#|\*\*|!\[|^\|/);
    expect(blocks.filter(({ kind }) => kind === 'image')).toHaveLength(source.match(/^!\[/gm)?.length ?? 0);
    const code = source.replaceAll(/^```[\s\S]*?^```/gm, '');
    expect(blocks.filter(({ kind }) => kind === 'heading')).toHaveLength(code.match(/^#/gm)?.length ?? 0);
  });
});
