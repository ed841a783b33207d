import { type ReactElement, useState } from 'react';
import type { ConfigChange } from '../../../main/contract/technician.ts';
import { ImportOutput } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Busy, Done, Field, Options, Task, Trouble } from './bits.tsx';
import { useDesk } from './desk.ts';
import { MediaFiles, useMedia } from './media.tsx';
import type { Refusal } from './model.ts';

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

interface Unknown {
  readonly path: string;
  readonly unknown: readonly string[];
  readonly doors: readonly { readonly id: string; readonly name: string }[];
}

function Load(): ReactElement {
  const { t, clock, model } = useDesk();
  const [media, look] = useMedia();
  const [path, setPath] = useState('');
  const [busy, setBusy] = useState(false);
  const [line, setLine] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [unknown, setUnknown] = useState<Unknown | null>(null);
  const load = (file: string, changes: ConfigChange[]): void => {
    setBusy(true);
    setLine(null);
    void model
      .ask(ImportOutput, () => model.calls.setup.importFile.mutate({ path: file, changes }))
      .then((loaded) => {
        setBusy(false);
        setRefusal(loaded.ok ? null : loaded.refusal);
        if (!loaded.ok) return;
        const { unknown: missing, doors } = loaded.value;
        setUnknown(missing.length === 0 ? null : { path: file, unknown: missing, doors });
        if (missing.length === 0) setLine(loaded.value.line);
      });
  };
  return (
    <section className="tech-card">
      <h3>{t('tech.usb.head')}</h3>
      <MediaFiles
        media={media}
        kinds={['site', 'settings', 'signed']}
        act={t('tech.usb.load')}
        choose={(file) => load(file, [])}
      />
      <div className="tech-row">
        <Button clock={clock} onPress={look}>
          {t('tech.again')}
        </Button>
        <Field label={t('tech.usb.path')} value={path} change={setPath} />
        <Button clock={clock} off={path === ''} onPress={() => load(path, [])}>
          {t('tech.usb.load')}
        </Button>
      </div>
      {busy ? <Busy /> : null}
      {unknown === null ? null : <DoorMap {...unknown} load={(changes) => load(unknown.path, changes)} />}
      {line === null ? null : (
        <Done>
          {t('tech.usb.loaded', { line: '' })}
          <span lang="en">{line}</span>
        </Done>
      )}
      {refusal === null ? null : <Trouble refusal={refusal} head={t('tech.usb.wrong')} />}
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
