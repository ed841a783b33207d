import { type ReactElement, useState } from 'react';
import { type MediaFile, SwapOutput, SwapStickOutput } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Ask, Busy, Done, Task, Trouble } from './bits.tsx';
import { useDesk } from './desk.ts';
import { MediaFiles, useMedia } from './media.tsx';
import type { Refusal } from './model.ts';
import { asksPassphrase, Unseal } from './unseal.tsx';

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
  const swap = (passphrase: string | null): void => {
    if (site === null) return;
    setBusy(true);
    const input = { site, settings: of('settings'), config: of('config'), unit: of('unit'), passphrase };
    void model
      .ask(SwapOutput, () => model.calls.setup.swap.mutate(input))
      .then((done) => {
        setBusy(false);
        setRefusal(done.ok ? null : done.refusal);
        if (done.ok) setLines(done.value.lines);
      });
  };
  const choose = (kind: Kind) => (path: string) => {
    setChosen({ ...chosen, [kind]: path });
    setRefusal(null);
  };
  return (
    <section className="tech-card">
      {KINDS.map((kind) => (
        <div key={kind}>
          <h3>{t(`tech.media.${kind}`)}</h3>
          <MediaFiles media={media} kinds={[kind]} act={t('tech.next')} chosen={of(kind)} choose={choose(kind)} />
        </div>
      ))}
      {asksPassphrase(refusal) ? <Unseal refusal={refusal} busy={busy} go={swap} /> : null}
      {busy && !asksPassphrase(refusal) ? <Busy /> : null}
      {busy || asksPassphrase(refusal) ? null : (
        <Ask word={t('tech.swap.do')} question={t('tech.swap.ask')} go={() => swap(null)} off={site === null} />
      )}
      {site === null ? <p>{t('tech.swap.noSite')}</p> : null}
      {lines === null ? null : <Done>{t('tech.swap.done')}</Done>}
      {refusal === null || asksPassphrase(refusal) ? null : <Trouble refusal={refusal} />}
    </section>
  );
}

/** While this unit lives, what its successor will need. */
function Prepare({ media }: { readonly media: MediaNow }): ReactElement | null {
  const { t, model } = useDesk();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  /** Nowhere but on the screen, until the step is left. */
  const [code, setCode] = useState<string | null>(null);
  const medium = media?.media.find(({ writable }) => writable)?.path ?? null;
  if (medium === null) return null;
  const prepare = (): void => {
    void model
      .ask(SwapStickOutput, () => model.calls.setup.swapStick.mutate({ medium }))
      .then((done) => {
        setCode(done.ok ? done.value.code : null);
        setRefusal(done.ok ? null : done.refusal);
      });
  };
  return (
    <section className="tech-card">
      <h3>{t('tech.swap.prepare')}</h3>
      <Ask word={t('tech.swap.prepare')} question={t('tech.swap.prepareAsk')} go={prepare} />
      {code === null ? null : (
        <>
          <Done>{t('tech.swap.prepared')}</Done>
          <p>{t('tech.swap.code')}</p>
          <p className="tech-code" translate="no">
            {code}
          </p>
        </>
      )}
      {refusal === null ? null : <Trouble refusal={refusal} />}
    </section>
  );
}
