import { type ReactElement, useState } from 'react';
import type * as z from 'zod';
import { StaffCodesOutput, VisitorPassesOutput } from '../../../main/contract/looks.ts';
import { CodeOutput, Done } from '../../../main/contract/staff.ts';
import { list } from '../../locale/format.ts';
import { Button } from '../../parts/button.tsx';
import { Qr } from '../../parts/qr.tsx';
import { Acting, Ask, Card, Looked, Options, Rows, Sheet } from './bits.tsx';
import { dayAndTime } from './dates.ts';
import { useAct, useLook, useStaff } from './use.ts';

const HOUR_MS = 3_600_000;
const LASTS = ['2', '8', '24', '72', '168'] as const;

interface Shown {
  readonly title: string;
  readonly text: string;
}

/** Codes that this unit makes: for visitors, and staff's own. Each is shown once. */
export function Passes(): ReactElement {
  const [shown, setShown] = useState<Shown | null>(null);
  const [turn, setTurn] = useState(0);
  const show = (one: Shown): void => {
    setShown(one);
    setTurn(turn + 1);
  };
  return (
    <main className="w-room w-passes">
      <Visitors key={`v${turn}`} show={show} />
      <StaffCodes key={`s${turn}`} show={show} />
      {shown === null ? null : <ShownCode shown={shown} close={() => setShown(null)} />}
    </main>
  );
}

function ShownCode({ shown, close }: { readonly shown: Shown; readonly close: () => void }): ReactElement {
  const { t, clock } = useStaff();
  return (
    <Sheet title={shown.title} close={close}>
      <div className="w-code">
        <Qr text={shown.text} name={shown.title} />
        <div>
          <p>{t('staff.code-once')}</p>
          <Button clock={clock} className="main" onPress={close}>
            {t('screens.provisional.taken')}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}

interface ShowProps {
  readonly show: (shown: Shown) => void;
}

function Visitors({ show }: ShowProps): ReactElement {
  const { t, clock, site, scene } = useStaff();
  const [asks, setAsks] = useState(false);
  const [look, again] = useLook('visitors', (desk) =>
    desk.ask(VisitorPassesOutput, (calls, signal) => calls.look.visitorPasses.query(undefined, { signal })),
  );
  return (
    <Card title={t('staff.visitors')} className="fill">
      <Button clock={clock} className="main" onPress={() => setAsks(true)}>
        {t('staff.new-pass')}
      </Button>
      <Looked look={look} again={again}>
        {(passes) =>
          passes.length === 0 ? (
            <p className="w-none">{t('staff.none-yet')}</p>
          ) : (
            <Rows name={t('staff.visitors')}>
              {passes.map(({ id, until, doorIds }) => (
                <li key={id} className="plain">
                  <span className="w">
                    <b>{t('staff.until-time', { until: dayAndTime(scene.speaker.formats, until) })}</b>
                    <small>
                      {list(
                        doorIds.map((one) => site?.doors.find((door) => door.id === one)?.name ?? one),
                        scene.speaker.language,
                      )}
                    </small>
                  </span>
                  <EndCode id={id} kind="pass" done={again} />
                </li>
              ))}
            </Rows>
          )
        }
      </Looked>
      {asks ? <NewPass show={show} close={() => setAsks(false)} /> : null}
    </Card>
  );
}

function NewPass({ show, close }: ShowProps & { readonly close: () => void }): ReactElement {
  const { t, desk, scene, clock } = useStaff();
  const act = useAct();
  const doors = scene.snap.status?.doors ?? [];
  const [hours, setHours] = useState<(typeof LASTS)[number]>('2');
  const [doorIds, setDoorIds] = useState<readonly string[]>(doors.slice(0, 1).map(({ id }) => id));
  const turn = (id: string): void =>
    setDoorIds(doorIds.includes(id) ? doorIds.filter((one) => one !== id) : [...doorIds, id]);
  const until = desk.wall() + Number(hours) * HOUR_MS;
  const words = t('staff.until-time', { until: dayAndTime(scene.speaker.formats, until) });
  const go = (): void => {
    if (doorIds.length === 0) return;
    act.run(
      CodeOutput,
      (calls, id, on) => calls.act.visitorPass.mutate({ act: id, until: Math.round(until), doorIds: [...doorIds] }, on),
      ({ text }) => {
        close();
        show({ title: `${t('staff.visitors')} ${words}`, text });
      },
    );
  };
  return (
    <Ask
      title={t('staff.new-pass')}
      says={[words, t('staff.says-pass')]}
      go={t('staff.make-code')}
      {...{ act, close }}
      onGo={go}
    >
      <Options
        label={t('staff.how-long')}
        value={hours}
        options={LASTS.map((one) => [one, t('staff.hours', { hours: Number(one) })])}
        choose={setHours}
      />
      <fieldset className="w-options">
        <legend>{t('staff.which-doors')}</legend>
        {doors.map((door) => (
          <Button key={door.id} clock={clock} pressed={doorIds.includes(door.id)} onPress={() => turn(door.id)}>
            {door.name}
          </Button>
        ))}
      </fieldset>
    </Ask>
  );
}

function StaffCodes({ show }: ShowProps): ReactElement {
  const { t, clock } = useStaff();
  const act = useAct();
  const [look, again] = useLook('codes', (one) =>
    one.ask(StaffCodesOutput, (calls, signal) => calls.look.staffCodes.query(undefined, { signal })),
  );
  const make = (): void =>
    act.run(
      CodeOutput,
      (calls, id, on) => calls.act.staffCode.mutate({ act: id, staffId: null }, on),
      ({ text }) => show({ title: t('staff.own-code'), text }),
    );
  return (
    <Card title={t('staff.staff-codes')} className="fill">
      <p className="w-note">{t('staff.staff-codes-note')}</p>
      <Button clock={clock} busy={act.busy} onPress={make}>
        {t('staff.make-own-code')}
      </Button>
      <Acting act={act} />
      <Looked look={look} again={again}>
        {(codes) =>
          codes.length === 0 ? (
            <p className="w-none">{t('staff.none-yet')}</p>
          ) : (
            <Rows name={t('staff.staff-codes')}>
              {codes.map((code) => (
                <StaffCodeRow key={code.id} code={code} again={again} />
              ))}
            </Rows>
          )
        }
      </Looked>
    </Card>
  );
}

interface StaffCodeRowProps {
  readonly code: Extract<z.infer<typeof StaffCodesOutput>, { ok: true }>['value'][number];
  readonly again: () => void;
}

/** One's own is ended by oneself, anybody's by a manager. */
function StaffCodeRow({ code: { id, staffId, madeAt }, again }: StaffCodeRowProps): ReactElement {
  const { desk, person, scene } = useStaff();
  const mayEnd = staffId === person.staffId || person.role === 'manager';
  return (
    <li className="plain">
      <span className="w">
        <b>{desk.nameOf(staffId)}</b>
        <small className="num">{dayAndTime(scene.speaker.formats, madeAt)}</small>
      </span>
      {mayEnd ? <EndCode id={id} kind="staff" done={again} /> : null}
    </li>
  );
}

interface EndProps {
  readonly id: string;
  readonly kind: 'pass' | 'staff';
  readonly done: () => void;
}

function EndCode({ id, kind, done }: EndProps): ReactElement {
  const { t, clock, toast } = useStaff();
  const act = useAct();
  const end = (): void =>
    act.run(
      Done,
      (calls, one, on) =>
        kind === 'pass'
          ? calls.act.endVisitorPass.mutate({ act: one, id }, on)
          : calls.act.endStaffCode.mutate({ act: one, id }, on),
      () => {
        toast(t('staff.did-end-code'));
        done();
      },
    );
  return (
    <>
      <Button clock={clock} className="small" busy={act.busy} onPress={end}>
        {t('staff.end-code')}
      </Button>
      <Acting act={act} />
    </>
  );
}
