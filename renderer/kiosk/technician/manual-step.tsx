import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import type { Language } from '../../locale/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Busy, Options, Task } from './bits.tsx';
import { useDesk } from './desk.ts';
import { type Block, parseMarkdown, type Span } from './markdown.ts';
import type { TechKey } from './texts.ts';

/** The manual's files, fetched when they are opened. */
const TEXTS = import.meta.glob<string>('../../../resources/manual/*.md', { query: '?raw', import: 'default' });
const IMAGES = import.meta.glob<string>('../../../resources/manual/images/*', {
  query: '?url',
  import: 'default',
  eager: true,
});
const FOLDER = '../../../resources/manual/';

const NAMES = ['wiring', 'terminals', 'door', 'passes'] as const;
type Name = (typeof NAMES)[number];
const TITLES: Readonly<Record<Name, TechKey>> = {
  wiring: 'tech.manual.name.wiring',
  terminals: 'tech.manual.name.terminals',
  door: 'tech.manual.name.door',
  passes: 'tech.manual.name.passes',
};

/** In the reader's language where there is such a text: Japanese readers get theirs, all others English. */
function fileOf(name: string, language: Language): string {
  const own = `${FOLDER}${name}.ja.md`;
  return language === 'ja' && own in TEXTS ? own : `${FOLDER}${name}.md`;
}

export function ManualStep(): ReactElement {
  const { t, language } = useDesk();
  const [name, setName] = useState<Name>('wiring');
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    setText(null);
    const fetched = TEXTS[fileOf(name, language)];
    fetched?.().then(setText, () => setText(''));
  }, [name, language]);
  const open = (file: string): void => {
    const wanted = NAMES.find((one) => file === `${one}.md` || file === `${one}.ja.md`);
    if (wanted !== undefined) setName(wanted);
  };
  return (
    <Task head={t('tech.step.manual')} about={t('tech.hint.manual')}>
      <Options
        label={t('tech.manual.list')}
        value={name}
        options={NAMES.map((one) => [one, t(TITLES[one])])}
        choose={setName}
      />
      {text === null ? <Busy /> : <Manual text={text} lang={language === 'ja' ? 'ja' : 'en'} open={open} />}
    </Task>
  );
}

interface ManualProps {
  readonly text: string;
  readonly lang: string;
  readonly open: (file: string) => void;
}

function Manual({ text, lang, open }: ManualProps): ReactElement {
  return (
    <article className="tech-card tech-manual" lang={lang}>
      {parseMarkdown(text).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text that stays as it is
        <Piece key={index} block={block} open={open} />
      ))}
    </article>
  );
}

function Piece({ block, open }: { readonly block: Block; readonly open: (file: string) => void }): ReactElement | null {
  switch (block.kind) {
    case 'heading':
      return block.level === 1 ? (
        <h3 className="big">{spans(block.spans, open)}</h3>
      ) : (
        <h4>{spans(block.spans, open)}</h4>
      );
    case 'paragraph':
      return <p>{spans(block.spans, open)}</p>;
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide one is scrolled by keyboard, too
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case 'image':
      return <Picture file={block.file} alt={block.alt} />;
    case 'list': {
      const items = block.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text that stays as it is
        <li key={index}>{spans(item, open)}</li>
      ));
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table':
      return <Table head={block.head} rows={block.rows} open={open} />;
  }
}

function Picture({ file, alt }: { readonly file: string; readonly alt: string }): ReactElement | null {
  const url = IMAGES[`${FOLDER}${file}`];
  return url === undefined ? null : <img src={url} alt={alt} />;
}

type Row = readonly (readonly Span[])[];

function Table({
  head,
  rows,
  open,
}: {
  readonly head: Row;
  readonly rows: readonly Row[];
  readonly open: (file: string) => void;
}): ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide one is scrolled by keyboard, too
    <div className="wide" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a text that stays as it is
              <th key={index}>{spans(cell, open)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a text that stays as it is
            <tr key={at}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a text that stays as it is
                <td key={index}>{spans(cell, open)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function spans(all: readonly Span[], open: (file: string) => void): ReactNode {
  return all.map((span, index) => {
    const key = `${index} ${span.text}`;
    switch (span.kind) {
      case 'text':
        return span.text;
      case 'strong':
        return <strong key={key}>{span.text}</strong>;
      case 'em':
        return <em key={key}>{span.text}</em>;
      case 'code':
        return <code key={key}>{span.text}</code>;
      case 'link':
        return <Link key={key} text={span.text} to={span.to} open={open} />;
    }
    return span satisfies never;
  });
}

/** Only from manual to manual: a kiosk has no way out. */
function Link({
  text,
  to,
  open,
}: {
  readonly text: string;
  readonly to: string;
  readonly open: (file: string) => void;
}): ReactElement {
  const { clock } = useDesk();
  if (!/^[\w.-]+\.md$/.test(to)) return <>{text}</>;
  return (
    <Button clock={clock} className="small" onPress={() => open(to)}>
      {text}
    </Button>
  );
}
