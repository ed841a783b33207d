import { type ReactElement, useCallback, useEffect, useState } from 'react';
import type * as z from 'zod';
import { ReportOutput, ReportsOutput, type TestResult } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Busy, Chip, Done, Task, Trouble } from './bits.tsx';
import { useDesk } from './desk.ts';
import { fetchReport, save } from './download.ts';
import { useMedia } from './media.tsx';
import type { Refusal } from './model.ts';

type Reports = Extract<z.infer<typeof ReportsOutput>, { readonly ok: true }>['value'];
type Made = Extract<z.infer<typeof ReportOutput>, { readonly ok: true }>['value'];

export function ReportStep(): ReactElement {
  const { t, clock, state, model } = useDesk();
  const [reports, setReports] = useState<Reports | null>(null);
  const look = useCallback((): void => {
    void model
      .ask(ReportsOutput, () => model.calls.setup.reports.query())
      .then((seen) => setReports(seen.ok ? seen.value : []));
  }, [model]);
  useEffect(look, [look]);
  return (
    <Task head={t('tech.report.head')} about={t('tech.report.about')}>
      <Make made={look} />
      <section className="tech-card">
        <h3>{t('tech.report.reports')}</h3>
        {reports === null ? <Busy /> : <Shelf reports={reports} />}
      </section>
      <section className="tech-card tech-tests">
        <div className="tech-row">
          <h3>{t('tech.report.tests')}</h3>
          <Button clock={clock} className="small tech-print" onPress={() => window.print()}>
            {t('tech.report.print')}
          </Button>
        </div>
        <Tests tests={state.view?.tests ?? []} />
      </section>
    </Task>
  );
}

function Make({ made }: { readonly made: () => void }): ReactElement {
  const { t, clock, language, model } = useDesk();
  const [media] = useMedia();
  const [toUsb, setToUsb] = useState(true);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Made | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const medium = media?.media.find(({ writable }) => writable)?.path ?? null;
  const make = (): void => {
    setBusy(true);
    const input = { language, medium: toUsb ? medium : null };
    void model
      .ask(ReportOutput, () => model.calls.setup.report.mutate(input))
      .then((result) => {
        setBusy(false);
        setDone(result.ok ? result.value : null);
        setRefusal(result.ok ? null : result.refusal);
        made();
      });
  };
  const copied = done?.copied == null ? t('tech.report.notCopied') : t('tech.report.copied');
  return (
    <section className="tech-card">
      <div className="tech-row">
        <Button clock={clock} className="main" busy={busy} onPress={make}>
          {t('tech.report.make')}
        </Button>
        {medium === null ? null : (
          <Button clock={clock} pressed={toUsb} onPress={() => setToUsb(!toUsb)}>
            {t('tech.report.usb')}
          </Button>
        )}
      </div>
      {busy ? <Busy /> : null}
      {done === null ? null : (
        <Done>
          {t('tech.report.made')} {medium !== null && toUsb ? copied : ''}
        </Done>
      )}
      {refusal === null ? null : <Trouble refusal={refusal} />}
    </section>
  );
}

function Shelf({ reports }: { readonly reports: Reports }): ReactElement {
  const { t, clock, model } = useDesk();
  if (reports.length === 0) return <p>{t('tech.none')}</p>;
  const fetchOne = (name: string): void => {
    void fetchReport(model, name).then((blob) => blob !== null && save(name, blob));
  };
  return (
    <ul className="tech-devs">
      {reports.slice(0, 20).map(({ name, bytes }) => (
        <li key={name} className="tech-dev">
          <div>
            <b lang="en">{name}</b>
          </div>
          <span className="tech-echo">{Math.ceil(bytes / 1_000)} kB</span>
          <div className="end">
            <Button clock={clock} className="small" onPress={() => fetchOne(name)}>
              {t('tech.report.save')}
            </Button>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Tests({ tests }: { readonly tests: readonly TestResult[] }): ReactElement {
  const { t, formats } = useDesk();
  if (tests.length === 0) return <p>{t('tech.none')}</p>;
  return (
    <ul className="tech-devs">
      {[...tests]
        .reverse()
        .slice(0, 50)
        .map(({ at, part, test, ok, detail }) => (
          <li key={`${at} ${part} ${test}`} className="tech-dev">
            <div>
              <b>{t(`tech.test.${test}`)}</b>
              <small lang="en">{part}</small>
            </div>
            <span className="tech-echo">
              {formats.time(at)} <span lang="en">{detail}</span>
            </span>
            <div className="end">
              <Chip ok={ok}>{t(ok ? 'tech.ok' : 'tech.bad')}</Chip>
            </div>
          </li>
        ))}
    </ul>
  );
}
