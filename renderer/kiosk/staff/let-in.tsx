import { type ReactElement, useState } from 'react';
import { OpenOutput } from '../../../main/contract/staff.ts';
import { OVERRIDE_REASONS } from '../../../main/contract/values.ts';
import { Ask, Options, Sheet } from './bits.tsx';
import { Search } from './members.tsx';
import { useAct, useStaff } from './use.ts';

type Why = (typeof OVERRIDE_REASONS)[number];
type Consume = 'yes' | 'no';

interface LetInProps {
  /** null: the first door of this unit. */
  readonly doorId: string | null;
  readonly memberId: string | null;
  readonly name: string | null;
  readonly close: () => void;
}

interface Chosen {
  readonly memberId: string | null;
  readonly name: string | null;
}

/** By name, by code, or a guest whom nobody knows: with a reason, counting it or not. */
export function LetIn({ doorId, memberId, name, close }: LetInProps): ReactElement {
  const { t } = useStaff();
  const [who, setWho] = useState<Chosen | null>(memberId === null ? null : { memberId, name });
  if (who !== null) return <LetInAsk doorId={doorId} who={who} close={close} />;
  return (
    <Sheet title={t('staff.let-in-who')} close={close}>
      <Search
        pick={(found) => setWho(found)}
        leave={close}
        other={{ word: t('staff.guest-unknown'), press: () => setWho({ memberId: null, name: null }) }}
      />
    </Sheet>
  );
}

interface LetInAskProps {
  readonly doorId: string | null;
  readonly who: Chosen;
  readonly close: () => void;
}

function LetInAsk({ doorId, who, close }: LetInAskProps): ReactElement {
  const { t, toast, scene } = useStaff();
  const act = useAct();
  const [why, setWhy] = useState<Why>(who.memberId === null ? 'guest' : 'no-code');
  const [consume, setConsume] = useState<Consume>('no');
  const { door: here, status } = scene.snap;
  const [door, setDoor] = useState(doorId ?? here?.id ?? status?.doors[0]?.id ?? '');
  const whom = who.name ?? t('staff.guest');
  const go = (): void =>
    act.run(
      OpenOutput,
      (calls, id, on) =>
        calls.act.letIn.mutate({ act: id, doorId: door, memberId: who.memberId, consume: consume === 'yes', why }, on),
      () => {
        toast(t('staff.did-let-in', { name: whom }));
        close();
      },
    );
  return (
    <Ask
      title={t('staff.ask-let-in', { name: whom })}
      says={[t(consume === 'yes' ? 'staff.says-consume' : 'staff.says-no-consume'), t('staff.says-record')]}
      go={t('staff.let-in')}
      {...{ act, close }}
      onGo={go}
    >
      <WhichDoor door={door} choose={setDoor} />
      <Options
        label={t('staff.reason')}
        value={why}
        options={OVERRIDE_REASONS.map((one) => [one, t(`staff.override-${one}`)])}
        choose={setWhy}
      />
      {who.memberId === null ? null : <CountIt consume={consume} choose={setConsume} />}
    </Ask>
  );
}

interface WhichDoorProps {
  readonly door: string;
  readonly choose: (doorId: string) => void;
}

/** Only where there are several. */
function WhichDoor({ door, choose }: WhichDoorProps): ReactElement | null {
  const { t, scene } = useStaff();
  const doors = scene.snap.status?.doors ?? [];
  if (doors.length < 2) return null;
  const options = doors.map(({ id, name }) => [id, name] as const);
  return <Options label={t('staff.door')} value={door} options={options} choose={choose} />;
}

interface CountItProps {
  readonly consume: Consume;
  readonly choose: (consume: Consume) => void;
}

function CountIt({ consume, choose }: CountItProps): ReactElement {
  const { t } = useStaff();
  const options = [
    ['no', t('staff.count-no')],
    ['yes', t('staff.count-yes')],
  ] as const;
  return <Options label={t('staff.count-it')} value={consume} options={options} choose={choose} />;
}
