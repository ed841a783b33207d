import { type ReactElement, useState } from 'react';
import type { ConfigChange } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Ask, Busy, Trouble } from './bits.tsx';
import { useDesk } from './desk.ts';
import type { Refusal } from './model.ts';

/** What was changed and isn't written yet. */
export function Changes(): ReactElement | null {
  const { t, state, model, clock } = useDesk();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const { changes } = state;
  if (changes.length === 0) return null;
  const write = (): void => {
    setBusy(true);
    void model
      .done((calls) => calls.setup.applyConfig.mutate({ changes: [...changes] }))
      .then((done) => {
        setBusy(false);
        setRefusal(done.ok ? null : done.refusal);
        if (done.ok) model.forgetChanges();
      });
  };
  return (
    <section className="tech-card tech-changes">
      <h3>{t('tech.changes.head', { count: changes.length })}</h3>
      <ul className="tech-devs">
        {changes.map((change, index) => (
          // The same change may be there twice.
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that only its end grows
          <li key={index} className="tech-dev">
            <ChangeText change={change} />
            <div className="end">
              <Button clock={clock} className="small" onPress={() => model.drop(index)}>
                {t('tech.changes.drop')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {refusal === null ? null : <Trouble refusal={refusal} />}
      {busy ? <Busy /> : <Ask word={t('tech.changes.write')} question={t('tech.changes.ask')} go={write} />}
    </section>
  );
}

function ChangeText({ change }: { readonly change: ConfigChange }): ReactElement {
  const { t } = useDesk();
  if (change.do === 'rename-door' || change.do === 'remove-door') return <div>{change.door}</div>;
  const what = t('tech.changes.set', { door: change.door, role: t(`tech.role.${change.role}`) });
  const where =
    change.do === 'remove'
      ? t('tech.find.remove')
      : `${String(change.device['driver'])} ${String(change.device['path'] ?? change.device['line'] ?? '')}`;
  return (
    <div>
      <b>
        {what} {change.reader}
      </b>
      <small lang="en">{where}</small>
    </div>
  );
}
