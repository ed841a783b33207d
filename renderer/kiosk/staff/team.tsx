import { type ReactElement, useState } from 'react';
import type * as z from 'zod';
import { AddStaffOutput, Done, STAFF_ROLES, type StaffRole, TeamOutput } from '../../../main/contract/staff.ts';
import { Button } from '../../parts/button.tsx';
import { Ask, Busy, Card, Looked, Options, Rows, Sheet } from './bits.tsx';
import { PinPad } from './sign-in.tsx';
import { TypeIn } from './type-in.tsx';
import { type Act, useAct, useLook, useStaff } from './use.ts';

type Teammate = Extract<z.infer<typeof TeamOutput>, { ok: true }>['value'][number];

type Change = 'pin' | 'remove';

/** Managers add people, give a new PIN, and take people off. */
export function Team(): ReactElement {
  const { t, clock } = useStaff();
  const [adds, setAdds] = useState(false);
  const [whose, setWhose] = useState<{ readonly mate: Teammate; readonly what: Change } | null>(null);
  const [look, again] = useLook('team', (desk) =>
    desk.ask(TeamOutput, (calls, signal) => calls.staff.team.query(undefined, { signal })),
  );
  const closed = (): void => {
    setWhose(null);
    setAdds(false);
    again();
  };
  const add = (
    <Button clock={clock} className="small" onPress={() => setAdds(true)}>
      {t('staff.add-person')}
    </Button>
  );
  return (
    <Card title={t('staff.team')} end={add} className="fill">
      <Looked look={look} again={again}>
        {(team) => (
          <Rows name={t('staff.team')}>
            {team.map((mate) => (
              <MateRow key={mate.staffId} mate={mate} ask={(what) => setWhose({ mate, what })} />
            ))}
          </Rows>
        )}
      </Looked>
      {adds ? <AddPerson close={closed} /> : null}
      {whose?.what === 'pin' ? <NewPin mate={whose.mate} close={closed} /> : null}
      {whose?.what === 'remove' ? <Remove mate={whose.mate} close={closed} /> : null}
    </Card>
  );
}

interface MateRowProps {
  readonly mate: Teammate;
  readonly ask: (what: Change) => void;
}

/** Those of the settings are changed there, and nobody takes themselves off. */
function MateRow({ mate, ask }: MateRowProps): ReactElement {
  const { t, clock, person } = useStaff();
  const isOfSettings = mate.from === 'settings';
  const changes: readonly Change[] = isOfSettings ? [] : mate.staffId === person.staffId ? ['pin'] : ['pin', 'remove'];
  return (
    <li className="plain">
      <span className="w">
        <b>{mate.name}</b>
        <small>
          {t(`staff.role-${mate.role}`)}
          {isOfSettings ? ` · ${t('staff.from-settings')}` : ''}
        </small>
      </span>
      {changes.map((what) => (
        <Button key={what} clock={clock} className="small" onPress={() => ask(what)}>
          {t(what === 'pin' ? 'staff.change-pin' : 'staff.remove')}
        </Button>
      ))}
    </li>
  );
}

/** The pad itself says what became of it. */
function padOf(act: Act) {
  return { busy: act.busy, told: act.refusal, run: () => undefined };
}

function Waiting({ act }: { readonly act: Act }): ReactElement | null {
  return act.busy ? <Busy onLeave={act.cancel} /> : null;
}

function AddPerson({ close }: { readonly close: () => void }): ReactElement {
  const { t, clock } = useStaff();
  const [name, setName] = useState('');
  const [isNamed, setNamed] = useState(false);
  return (
    <Sheet title={t('staff.add-person')} close={close}>
      {isNamed ? (
        <RoleAndPin name={name.trim()} close={close} />
      ) : (
        <TypeIn
          clock={clock}
          t={t}
          name={t('staff.name')}
          hint={t('staff.name-hint')}
          value={name}
          change={setName}
          go={t('staff.next')}
          off={name.trim() === ''}
          onGo={() => setNamed(true)}
        />
      )}
      <Cancel close={close} />
    </Sheet>
  );
}

function RoleAndPin({ name, close }: { readonly name: string; readonly close: () => void }): ReactElement {
  const { t, clock, toast } = useStaff();
  const act = useAct();
  const [role, setRole] = useState<StaffRole | null>(null);
  const [pin, setPin] = useState('');
  const make = (of: StaffRole): void => {
    act.run(
      AddStaffOutput,
      (calls, id, on) => calls.staff.add.mutate({ act: id, name, role: of, pin }, on),
      () => {
        toast(t('staff.did-add', { name }));
        close();
      },
    );
    setPin('');
  };
  const roles = STAFF_ROLES.map((one) => [one, t(`staff.role-${one}`)] as const);
  return (
    <>
      <Options label={t('staff.role')} value={role} options={roles} choose={setRole} />
      <Waiting act={act} />
      {role === null ? null : (
        <PinPad
          {...{ clock, t, pin, setPin }}
          entering={padOf(act)}
          go={t('staff.add-person')}
          onGo={() => make(role)}
        />
      )}
    </>
  );
}

function Cancel({ close }: { readonly close: () => void }): ReactElement {
  const { t, clock } = useStaff();
  return (
    <div className="w-ends">
      <Button clock={clock} onPress={close}>
        {t('staff.cancel')}
      </Button>
    </div>
  );
}

interface MateProps {
  readonly mate: Pick<Teammate, 'staffId' | 'name'>;
  readonly close: () => void;
}

function NewPin({ mate, close }: MateProps): ReactElement {
  const { t, clock, toast } = useStaff();
  const act = useAct();
  const [pin, setPin] = useState('');
  const give = (): void => {
    act.run(
      Done,
      (calls, id, on) => calls.staff.change.mutate({ act: id, staffId: mate.staffId, name: null, role: null, pin }, on),
      () => {
        toast(t('staff.did-pin', { name: mate.name }));
        close();
      },
    );
    setPin('');
  };
  return (
    <Sheet title={t('staff.new-pin-of', { name: mate.name })} close={close}>
      <Waiting act={act} />
      <PinPad {...{ clock, t, pin, setPin }} entering={padOf(act)} go={t('staff.change-pin')} onGo={give} />
      <Cancel close={close} />
    </Sheet>
  );
}

function Remove({ mate, close }: MateProps): ReactElement {
  const { t, toast } = useStaff();
  const act = useAct();
  const go = (): void =>
    act.run(
      Done,
      (calls, id, on) => calls.staff.remove.mutate({ act: id, staffId: mate.staffId }, on),
      () => {
        toast(t('staff.did-remove', { name: mate.name }));
        close();
      },
    );
  return (
    <Ask
      title={t('staff.ask-remove', { name: mate.name })}
      says={[t('staff.says-remove'), t('staff.says-record')]}
      go={t('staff.remove')}
      danger
      {...{ act, close }}
      onGo={go}
    />
  );
}

/** Everybody may change their own: the old one first. */
export function OwnPin(): ReactElement {
  const { t, clock, toast, person } = useStaff();
  const act = useAct();
  const [asks, setAsks] = useState(false);
  const [old, setOld] = useState<string | null>(null);
  const [pin, setPin] = useState('');
  const next = (): void => {
    if (old === null) {
      setOld(pin);
      setPin('');
      return;
    }
    act.run(
      Done,
      (calls, id, on) => calls.staff.changePin.mutate({ act: id, pin: old, newPin: pin }, on),
      () => {
        toast(t('staff.did-pin', { name: person.name }));
        setAsks(false);
      },
    );
    setOld(null);
    setPin('');
  };
  return (
    <Card title={person.name}>
      <Button clock={clock} onPress={() => setAsks(true)}>
        {t('staff.change-pin')}
      </Button>
      {asks ? (
        <Sheet title={t(old === null ? 'staff.old-pin' : 'staff.new-pin')} close={() => setAsks(false)}>
          <Waiting act={act} />
          <PinPad {...{ clock, t, pin, setPin }} entering={padOf(act)} go={t('staff.next')} onGo={next} />
          <Cancel close={() => setAsks(false)} />
        </Sheet>
      ) : null}
    </Card>
  );
}
