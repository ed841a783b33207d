import { type ReactElement, useState } from 'react';
import type { ConfigChange } from '../../../main/contract/technician.ts';
import { ImportOutput } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Busy, Done, Field, Options, Task, Trouble } from './bits.tsx';
import { useDesk } from './desk.ts';
import { MediaFiles, useMedia } from './media.tsx';
import type { Refusal } from './model.ts';
import { asksPassphrase, Unseal } from './unseal.tsx';

export function ConnectStep(): ReactElement {
  const { t } = useDesk();
  return (
    <Task head={t('tech.pair.head')} about={t('tech.pair.about')}>
      <Pair />
      <Load />
    </Task>
  );
}

function Pair(): ReactElement {
  const { t, clock, state, model } = useDesk();
  const [text, setText] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const pairing = state.view?.pairing ?? 'none';
  const ask = (typed: string | null): void => {
    void model
      .done((calls) => calls.setup.pair.mutate({ text: typed }))
      .then((done) => setRefusal(done.ok ? null : done.refusal));
  };
  const isHere = pairing !== 'not-here';
  return (
    <section className="tech-card">
      <h3>{t('tech.step.connect')}</h3>
      <p role="status" data-pairing={pairing}>
        {t(`tech.pairing.${pairing}`)}
      </p>
      {pairing === 'asking' ? <Busy /> : null}
      <div className="tech-row">
        <Button
          clock={clock}
          off={!isHere || pairing === 'asking'}
          pressed={pairing === 'waiting'}
          onPress={() => ask(null)}
        >
          {t('tech.pair.listen')}
        </Button>
      </div>
      {isHere ? (
        <div className="tech-row">
          <Field label={t('tech.pair.code')} value={text} change={setText} />
          <Button clock={clock} off={!text.includes('#')} onPress={() => ask(text)}>
            {t('tech.pair.ask')}
          </Button>
        </div>
      ) : null}
      {refusal === null ? null : <Trouble refusal={refusal} head={t('tech.pairing.refused')} />}
    </section>
  );
}

/** What is being loaded. */
interface Loading {
  readonly path: string;
  readonly changes: ConfigChange[];
  /** null: nobody was asked for one. */
  readonly passphrase: string | null;
}

interface Unknown {
  readonly unknown: readonly string[];
  readonly doors: readonly { readonly id: string; readonly name: string }[];
}

/** A file that is taken in: what is asked for meanwhile, and what became of it. */
function useLoading() {
  const { model } = useDesk();
  const [busy, setBusy] = useState(false);
  const [line, setLine] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [unknown, setUnknown] = useState<Unknown | null>(null);
  const [loading, setLoading] = useState<Loading | null>(null);
  const load = (input: Loading): void => {
    setBusy(true);
    setLine(null);
    void model
      .ask(ImportOutput, () => model.calls.setup.importFile.mutate(input))
      .then((loaded) => {
        setBusy(false);
        setRefusal(loaded.ok ? null : loaded.refusal);
        const missing = loaded.ok ? loaded.value.unknown : [];
        // A passphrase stays no longer than it is wanted for: also while doors are chosen.
        const isOver = loaded.ok ? missing.length === 0 : unknown === null && !asksPassphrase(loaded.refusal);
        setLoading(isOver ? null : input);
        if (!loaded.ok) return;
        setUnknown(missing.length === 0 ? null : { unknown: missing, doors: loaded.value.doors });
        if (missing.length === 0) setLine(loaded.value.line);
      });
  };
  const begin = (path: string): void => {
    setUnknown(null);
    setRefusal(null);
    load({ path, changes: [], passphrase: null });
  };
  return { busy, line, refusal, unknown, loading, load, begin };
}

function Load(): ReactElement {
  const { t, clock } = useDesk();
  const [media, look] = useMedia();
  const [path, setPath] = useState('');
  const { busy, line, refusal, unknown, loading, load, begin } = useLoading();
  return (
    <section className="tech-card">
      <h3>{t('tech.usb.head')}</h3>
      <MediaFiles media={media} kinds={['site', 'settings', 'signed']} act={t('tech.usb.load')} choose={begin} />
      <div className="tech-row">
        <Button clock={clock} onPress={look}>
          {t('tech.again')}
        </Button>
        <Field label={t('tech.usb.path')} value={path} change={setPath} />
        <Button clock={clock} off={path === ''} onPress={() => begin(path)}>
          {t('tech.usb.load')}
        </Button>
      </div>
      {busy && !asksPassphrase(refusal) ? <Busy /> : null}
      {unknown === null || loading === null ? null : (
        <DoorMap {...unknown} load={(changes) => load({ ...loading, changes })} />
      )}
      {asksPassphrase(refusal) && loading !== null ? (
        <Unseal refusal={refusal} busy={busy} go={(passphrase) => load({ ...loading, passphrase })} />
      ) : null}
      {line === null ? null : (
        <Done>
          {t('tech.usb.loaded', { line: '' })}
          <span lang="en">{line}</span>
        </Done>
      )}
      {refusal === null || asksPassphrase(refusal) ? null : <Trouble refusal={refusal} head={t('tech.usb.wrong')} />}
    </section>
  );
}

/** Which of the site's doors this unit's are. */
function DoorMap({
  unknown,
  doors,
  load,
}: Unknown & { readonly load: (changes: ConfigChange[]) => void }): ReactElement {
  const { t, clock } = useDesk();
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const isWhole = unknown.every((door) => names[door] !== undefined);
  const go = (): void =>
    load(unknown.map((door) => ({ do: 'rename-door', door, to: names[door] ?? door }) satisfies ConfigChange));
  return (
    <div className="tech-trouble" role="alert">
      <b>{t('tech.usb.doors')}</b>
      {unknown.map((door) => (
        <Options
          key={door}
          label={t('tech.usb.doorIs', { door })}
          value={names[door] ?? null}
          options={doors.slice(0, 40).map(({ id, name }) => [id, name === '' ? id : name])}
          choose={(to) => setNames({ ...names, [door]: to })}
        />
      ))}
      <Button clock={clock} className="main" off={!isWhole} onPress={go}>
        {t('tech.usb.load')}
      </Button>
    </div>
  );
}
