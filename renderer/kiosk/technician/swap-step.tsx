import { type ReactElement, useState } from 'react';
import { type MediaFile, SwapOutput } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Ask, Busy, Done, Task, Trouble } from './bits.tsx';
import { useDesk } from './desk.ts';
import { MediaFiles, useMedia } from './media.tsx';
import type { Refusal } from './model.ts';

const KINDS = ['site', 'settings', 'config', 'unit'] as const;
type Kind = (typeof KINDS)[number];

export function SwapStep(): ReactElement {
  const { t, clock } = useDesk();
  const [media, look] = useMedia();
  return (
    <Task
      head={t('tech.swap.head')}
      about={t('tech.swap.4')}
      actions={
        <Button clock={clock} onPress={look}>
          {t('tech.again')}
        </Button>
      }
    >
      <ol className="tech-say">
        <li>{t('tech.swap.1')}</li>
        <li>{t('tech.swap.2')}</li>
        <li>{t('tech.swap.3')}</li>
      </ol>
      <Take media={media} />
      <Prepare media={media} />
    </Task>
  );
}

type MediaNow = ReturnType<typeof useMedia>[0];

/** The newest of each kind is chosen, unless somebody chooses another. */
function newest(media: MediaNow, kind: MediaFile['kind']): string | null {
  return media?.files.find((file) => file.kind === kind)?.path ?? null;
}

function Take({ media }: { readonly media: MediaNow }): ReactElement {
  const { t, model } = useDesk();
  const [chosen, setChosen] = useState<Partial<Record<Kind, string>>>({});
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [lines, setLines] = useState<readonly string[] | null>(null);
  const [busy, setBusy] = useState(false);
  const of = (kind: Kind): string | null => chosen[kind] ?? newest(media, kind);
  const site = of('site');
  const swap = (): void => {
    if (site === null) return;
    setBusy(true);
    const input = { site, settings: of('settings'), config: of('config'), unit: of('unit') };
    void model
      .ask(SwapOutput, () => model.calls.setup.swap.mutate(input))
      .then((done) => {
        setBusy(false);
        setRefusal(done.ok ? null : done.refusal);
        if (done.ok) setLines(done.value.lines);
      });
  };
  const choose = (kind: Kind) => (path: string) => setChosen({ ...chosen, [kind]: path });
  return (
    <section className="tech-card">
      {KINDS.map((kind) => (
        <div key={kind}>
          <h3>{t(`tech.media.${kind}`)}</h3>
          <MediaFiles media={media} kinds={[kind]} act={t('tech.next')} chosen={of(kind)} choose={choose(kind)} />
        </div>
      ))}
      {busy ? <Busy /> : <Ask word={t('tech.swap.do')} question={t('tech.swap.ask')} go={swap} off={site === null} />}
      {site === null ? <p>{t('tech.swap.noSite')}</p> : null}
      {lines === null ? null : <Done>{t('tech.swap.done')}</Done>}
      {refusal === null ? null : <Trouble refusal={refusal} />}
    </section>
  );
}

/** While this unit lives, what its successor will need. */
function Prepare({ media }: { readonly media: MediaNow }): ReactElement | null {
  const { t, model } = useDesk();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isDone, setDone] = useState(false);
  const medium = media?.media.find(({ writable }) => writable)?.path ?? null;
  if (medium === null) return null;
  const prepare = (): void => {
    void model
      .ask(SwapOutput, () => model.calls.setup.swapStick.mutate({ medium }))
      .then((done) => {
        setDone(done.ok);
        setRefusal(done.ok ? null : done.refusal);
      });
  };
  return (
    <section className="tech-card">
      <h3>{t('tech.swap.prepare')}</h3>
      <Ask word={t('tech.swap.prepare')} question={t('tech.swap.prepareAsk')} go={prepare} />
      {isDone ? <Done>{t('tech.swap.prepared')}</Done> : null}
      {refusal === null ? null : <Trouble refusal={refusal} />}
    </section>
  );
}
