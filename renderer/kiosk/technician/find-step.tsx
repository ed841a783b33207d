import { type ReactElement, useEffect, useState } from 'react';
import type { Found, SetupPart } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Assign } from './assign.tsx';
import { Busy, Chip, Task, Trouble } from './bits.tsx';
import { Changes } from './changes.tsx';
import { useDesk } from './desk.ts';
import { useLevelText } from './level.ts';

export function FindStep(): ReactElement {
  const { t, state, model, clock } = useDesk();
  const [assigned, setAssigned] = useState<Found | null>(null);
  useEffect(() => void model.look(), [model]);
  if (assigned !== null) return <Assign found={assigned} close={() => setAssigned(null)} />;
  const actions = (
    <>
      <Button clock={clock} onPress={() => void model.look()}>
        {t('tech.again')}
      </Button>
      <Button clock={clock} onPress={() => setAssigned(BY_HAND)}>
        {t('tech.find.byHand')}
      </Button>
    </>
  );
  return (
    <Task head={t('tech.find.head')} about={t('tech.find.about')} actions={actions}>
      <WentBack lines={state.view?.wentBack ?? null} />
      <Changes />
      <section className="tech-card">
        <h3>{t('tech.find.parts')}</h3>
        <ul className="tech-devs">
          {state.view?.parts.map((part) => (
            <Part key={part.id} part={part} />
          ))}
        </ul>
      </section>
      <section className="tech-card">
        <h3>{t('tech.find.found')}</h3>
        {state.found === null ? <Busy /> : <FoundList found={state.found} assign={setAssigned} />}
      </section>
    </Task>
  );
}

function WentBack({ lines }: { readonly lines: readonly string[] | null }): ReactElement | null {
  const { t } = useDesk();
  if (lines === null) return null;
  return <Trouble refusal={{ fault: 'refused', lines }} head={t('tech.wentBack')} />;
}

/** A serial device whose path is typed. */
const BY_HAND: Found = {
  id: 'by-hand',
  kind: 'serial',
  title: '',
  where: '',
  todo: null,
  usedBy: [],
  lines: [],
  offers: [
    { role: 'reader', device: { direction: 'in', driver: 'serial', path: '', baudRate: 9_600 } },
    ...(['lock', 'buzzer', 'admitted', 'refused'] as const).map((role) => ({
      role,
      device: { driver: 'serial-relay', protocol: 'lcus', path: '', baudRate: 9_600, channel: 1 },
    })),
    ...(['contact', 'exitButton', 'fire', 'tamper'] as const).map((role) => ({
      role,
      device: {
        driver: 'serial-relay',
        protocol: 'numato',
        path: '',
        baudRate: 9_600,
        channel: 0,
        normally: role === 'fire' || role === 'tamper' ? 'closed' : 'open',
      },
    })),
  ],
};

function Part({ part }: { readonly part: SetupPart }): ReactElement {
  const { t, state } = useDesk();
  const door = state.view?.doors.find(({ id }) => id === part.door)?.name ?? part.door;
  return (
    <li className="tech-dev" data-part={part.id}>
      <div>
        <b>
          {door} {t(`tech.role.${part.role}`)}
        </b>
        <small>
          {part.reader} {part.where}
        </small>
      </div>
      <Came part={part} />
      <PartActs part={part} />
      {part.todo === null ? null : (
        <p className="tech-todo">
          <b>{t('tech.next.try')}</b> {t(`tech.todo.${part.todo}`)} <small lang="en">{part.detail}</small>
        </p>
      )}
    </li>
  );
}

function PartActs({ part }: { readonly part: SetupPart }): ReactElement {
  const { t, state, model, clock } = useDesk();
  const { door, role, reader } = part;
  const isReader = role === 'reader';
  const isTested = state.view?.tests.some((one) => one.part === part.id && one.ok) ?? false;
  const came = isReader ? part.echo !== null : part.changes > 0;
  const note = (): void => {
    const detail = `${isReader ? (part.echo?.length ?? 0) : part.changes}`;
    const test = isReader ? 'echo' : 'level';
    void model.done((calls) => calls.setup.note.mutate({ part: part.id, test, ok: true, detail }));
  };
  return (
    <div className="end">
      <Chip ok={part.ok}>{isTested ? t('tech.find.tested') : part.ok ? t('tech.ok') : t('tech.bad')}</Chip>
      {came && !isTested ? (
        <Button clock={clock} className="small" onPress={note}>
          {t('tech.find.test')}
        </Button>
      ) : null}
      {role === 'lock' ? null : (
        <Button clock={clock} className="small" onPress={() => model.change({ do: 'remove', door, role, reader })}>
          {t('tech.find.remove')}
        </Button>
      )}
    </div>
  );
}

/** What last came from the part. */
function Came({ part }: { readonly part: SetupPart }): ReactElement | null {
  const { t } = useDesk();
  const levelText = useLevelText();
  const { role, echo } = part;
  if (role === 'lock' || role === 'buzzer' || role === 'admitted' || role === 'refused') return null;
  if (role !== 'reader') return <span className="tech-echo">{levelText(part)}</span>;
  if (echo === null) return <span className="tech-echo">{t('tech.echo.none')}</span>;
  return (
    <span className="tech-echo">
      {t('tech.echo.came', { mask: echo.mask, length: echo.length, times: echo.times })}
    </span>
  );
}

function FoundList({
  found,
  assign,
}: {
  readonly found: readonly Found[];
  readonly assign: (found: Found) => void;
}): ReactElement {
  const { t, clock } = useDesk();
  if (found.length === 0) return <p>{t('tech.find.nothing')}</p>;
  return (
    <ul className="tech-devs">
      {found.map((one) => (
        <li key={one.id} className="tech-dev" data-found={one.kind}>
          <div>
            <b>{t(`tech.kind.${one.kind}`)}</b>
            <small lang="en">{one.kind === 'page-keys' || one.kind === 'sim' ? '' : `${one.title} ${one.where}`}</small>
          </div>
          <span className="tech-echo">
            {one.usedBy.length === 0 ? t('tech.find.free') : t('tech.find.usedBy', { parts: one.usedBy.join(', ') })}
          </span>
          <div className="end">
            <Button clock={clock} className="small" onPress={() => assign(one)}>
              {t('tech.find.assign')}
            </Button>
          </div>
          {one.todo === null ? null : (
            <p className="tech-todo">
              <b>{t('tech.next.try')}</b> {t(`tech.todo.${one.todo}`)}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
