import { type ReactElement, useCallback, useEffect, useState } from 'react';
import { DiagnosticsOutput, LogTailOutput } from '../../../main/contract/looks.ts';
import { Button } from '../../parts/button.tsx';
import { Busy, Task } from './bits.tsx';
import { useDesk } from './desk.ts';
import { save } from './download.ts';

const LINES = 200;

export function LogsStep(): ReactElement {
  const { t, clock, model } = useDesk();
  const [lines, setLines] = useState<readonly string[] | null>(null);
  const look = useCallback((): void => {
    void model
      .ask(LogTailOutput, () => model.calls.look.logTail.query({ limit: LINES }))
      .then((tail) => setLines(tail.ok ? [...tail.value].reverse() : []));
  }, [model]);
  useEffect(look, [look]);
  const diagnose = (): void => {
    void model
      .ask(DiagnosticsOutput, () => model.calls.look.diagnostics.query())
      .then((made) => {
        if (made.ok) save(made.value.name, new Blob([made.value.text], { type: 'application/json' }));
      });
  };
  const actions = (
    <>
      <Button clock={clock} onPress={look}>
        {t('tech.logs.reload')}
      </Button>
      <Button clock={clock} className="main" onPress={diagnose}>
        {t('tech.logs.save')}
      </Button>
    </>
  );
  return (
    <Task head={t('tech.logs.head')} about={t('tech.logs.about')} actions={actions}>
      {lines === null ? (
        <Busy />
      ) : (
        <section className="tech-card">
          {lines.length === 0 ? <p>{t('tech.none')}</p> : null}
          <ol className="tech-log" lang="en">
            {lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be the same
              <li key={index}>{line}</li>
            ))}
          </ol>
        </section>
      )}
    </Task>
  );
}
