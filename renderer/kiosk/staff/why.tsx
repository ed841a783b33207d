import { type ReactElement, useState } from 'react';
import type * as z from 'zod';
import { WhyOutput } from '../../../main/contract/looks.ts';
import { plain } from '../../locale/texts.ts';
import { Button } from '../../parts/button.tsx';
import { offerOf } from '../screen.ts';
import { offerWords, refusalWords } from '../words.ts';
import { Back, Looked } from './bits.tsx';
import { LetIn } from './let-in.tsx';
import { PassageSymbol } from './symbol.tsx';
import { UndoButton } from './undo.tsx';
import { useLook, useStaff } from './use.ts';
import { helps, isBar, reasonWords, saysWords } from './words.ts';

type Explained = Extract<z.infer<typeof WhyOutput>, { ok: true }>['value'];

interface WhyProps {
  readonly event: number;
  readonly memberId: string | null;
  readonly name: string | null;
}

/** How the rules came to it, step by step, and what would change it. */
export function Why({ event, memberId, name }: WhyProps): ReactElement {
  const { t, go } = useStaff();
  const [lets, setLets] = useState(false);
  const [look, again] = useLook(`why ${event}`, (desk) =>
    desk.ask(WhyOutput, (calls, signal) => calls.look.why.query({ event }, { signal })),
  );
  const whom = name ?? t('staff.unknown-code');
  return (
    <main className="w-room w-why">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="w-card w-scroll" tabIndex={0} aria-label={t('staff.why')}>
        <h2 className="w-h2">
          {whom}
          <span className="end">
            <Back onPress={() => go({ at: 'home' })} />
          </span>
        </h2>
        <Looked look={look} again={again}>
          {(explained) => (
            <>
              <Ladder explained={explained} />
              <Nearest explained={explained} />
            </>
          )}
        </Looked>
      </section>
      <Next
        {...{ event, memberId, whom }}
        explained={look.at === 'given' ? look.value : null}
        letIn={() => setLets(true)}
      />
      {lets ? <LetIn doorId={null} memberId={memberId} name={name} close={() => setLets(false)} /> : null}
    </main>
  );
}

interface NextProps extends Pick<WhyProps, 'event' | 'memberId'> {
  readonly whom: string;
  /** null: not known yet. */
  readonly explained: Explained | null;
  readonly letIn: () => void;
}

/** What can be done about it. */
function Next({ event, memberId, whom, explained, letIn }: NextProps): ReactElement {
  const { t, clock, go } = useStaff();
  const mayUndo = explained?.granted === true && explained.reason !== 'exit';
  return (
    <section className="w-stack">
      {explained?.granted === false ? (
        <Button clock={clock} className="main" onPress={letIn}>
          {t('staff.let-in-once')}
        </Button>
      ) : null}
      {mayUndo ? <UndoButton event={event} name={whom} done={() => go({ at: 'home' })} /> : null}
      {memberId === null ? null : (
        <Button clock={clock} onPress={() => go({ at: 'member', memberId })}>
          {t('staff.to-member')}
        </Button>
      )}
      <p className="w-note">{t('staff.why-note')}</p>
    </section>
  );
}

function Ladder({ explained }: { readonly explained: Explained }): ReactElement {
  const { t } = useStaff();
  const { granted, reason, same, steps, event, warnings } = explained;
  return (
    <>
      <div className={granted ? 'w-verdict ok' : 'w-verdict no'}>
        <PassageSymbol look={granted ? 'ok' : 'no'} />
        <b>
          {t(granted ? 'staff.was-granted' : 'staff.was-refused')} {reasonWords(t, reason)}
          {warnings.map((warning) => ` · ${t(`staff.warn-${warning}`)}`)}
        </b>
      </div>
      <ol className="w-steps">
        {steps.map((step, index) => (
          // Steps may be the same twice: their place is what they are.
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes
          <Step key={index} step={step} />
        ))}
      </ol>
      <p className="w-note">{t(same ? 'staff.same' : 'staff.not-same', { event: String(event) })}</p>
    </>
  );
}

function Step({ step }: { readonly step: Explained['steps'][number] }): ReactElement {
  const { t } = useStaff();
  const { subject, name, says, used, limit, remaining, rule } = step;
  const bars = isBar(says);
  const counts = used !== null && limit !== null ? `${used} / ${limit}` : null;
  return (
    <li className={bars ? 'here' : undefined}>
      <PassageSymbol look={bars ? 'no' : 'ok'} />
      <span>{t(`staff.subject-${subject}`)}</span>
      <span className="w">
        <b>{name}</b> {saysWords(t, says)} <span className="num">{counts}</span>
        {remaining === null ? null : <span className="num"> {t('staff.left-uses', { left: remaining })}</span>}
      </span>
      <small className="num">{rule}</small>
    </li>
  );
}

/** As the member was told, however long ago. */
function Nearest({ explained }: { readonly explained: Explained }): ReactElement | null {
  const { scene, t } = useStaff();
  if (explained.granted || !explained.same) return null;
  const offer = offerOf(explained);
  return (
    <div className={helps(explained.remedy) ? 'w-remedy' : 'w-remedy told'}>
      <b>{t(helps(explained.remedy) ? 'staff.nearest' : 'staff.was-told')}</b>
      <p>{plain(refusalWords(scene.speaker, explained).remedy)}</p>
      {offer === null ? null : <p>{offerWords(scene.speaker, offer)}</p>}
    </div>
  );
}
