import { type ReactElement, useState } from 'react';
import type { StatusMessage } from '../../../main/contract/page.ts';
import { Done, OpenOutput, ORDER_REASONS } from '../../../main/contract/staff.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Acting, Ask, Card, Chip, Options } from './bits.tsx';
import { LetIn } from './let-in.tsx';
import { useAct, useStaff } from './use.ts';

type Door = StatusMessage['doors'][number];
type OrderReason = (typeof ORDER_REASONS)[number];
type Order = 'hold' | 'lockdown' | 'lockdown-all' | 'end-lockdown' | 'end-hold' | 'let-in';

const STATES = {
  locked: 'ok',
  unlocking: 'out',
  open: 'out',
  closing: 'out',
  'held-unlocked': 'heed',
  lockdown: 'no',
  closed: 'plain',
  fire: 'no',
  fault: 'no',
  starting: 'plain',
} as const satisfies Record<Door['state'], string>;

/** Each door: as it is, and what may be done with it. */
export function Doors(): ReactElement {
  const { scene, t, clock } = useStaff();
  const doors = scene.snap.status?.doors ?? [];
  const [all, setAll] = useState(false);
  const first = doors[0];
  return (
    <>
      {doors.map((door) => (
        <DoorCard key={door.id} door={door} />
      ))}
      {doors.length > 1 && first !== undefined ? (
        <Button clock={clock} className="danger" onPress={() => setAll(true)}>
          <Icon name="stop" />
          {t('staff.lockdown-all')}
        </Button>
      ) : null}
      {all && first !== undefined ? <OrderSheet door={first} order="lockdown-all" close={() => setAll(false)} /> : null}
    </>
  );
}

function DoorCard({ door }: { readonly door: Door }): ReactElement {
  const { t, toast, clock } = useStaff();
  const [order, setOrder] = useState<Order | null>(null);
  const act = useAct();
  const openOnce = (): void =>
    act.run(
      OpenOutput,
      (calls, id, on) => calls.act.open.mutate({ act: id, doorId: door.id, why: 'other' }, on),
      () => toast(t('staff.did-open', { door: door.name })),
    );
  const isHeld = door.state === 'held-unlocked';
  const isLocked = door.state === 'lockdown';
  return (
    <Card title={door.name} end={<Chip look={STATES[door.state]}>{t(`staff.door-${door.state}`)}</Chip>}>
      <div className="w-acts" data-door={door.id}>
        <Button clock={clock} className="main wide" busy={act.busy} onPress={openOnce}>
          <Icon name="doorOpen" />
          {t('staff.open-once')}
        </Button>
        <Button clock={clock} onPress={() => setOrder(isHeld ? 'end-hold' : 'hold')}>
          {t(isHeld ? 'staff.end-hold' : 'staff.hold')}
        </Button>
        <Button clock={clock} onPress={() => setOrder('let-in')}>
          {t('staff.let-in')}
        </Button>
        <Button clock={clock} className="danger wide" onPress={() => setOrder(isLocked ? 'end-lockdown' : 'lockdown')}>
          <Icon name="stop" />
          {t(isLocked ? 'staff.end-lockdown' : 'staff.lockdown')}
        </Button>
      </div>
      <Acting act={act} />
      {order === null ? null : <DoorSheet door={door} order={order} close={() => setOrder(null)} />}
    </Card>
  );
}

function DoorSheet({ door, order, close }: Omit<OrderProps, 'order'> & { readonly order: Order }): ReactElement {
  if (order === 'let-in') return <LetIn doorId={door.id} memberId={null} name={null} close={close} />;
  return <OrderSheet door={door} order={order} close={close} />;
}

const MINUTE_MS = 60_000;
const HOLDS = ['15', '30', '60', '120', '240'] as const;

interface OrderProps {
  readonly door: Door;
  readonly order: Exclude<Order, 'let-in'>;
  readonly close: () => void;
}

/** Asked once, with why. */
function OrderSheet({ door, order, close }: OrderProps): ReactElement {
  const { t, desk, toast, scene } = useStaff();
  const act = useAct();
  const [why, setWhy] = useState<OrderReason>(order.startsWith('lockdown') ? 'danger' : 'other');
  const [minutes, setMinutes] = useState<(typeof HOLDS)[number]>('30');
  const until = scene.snap.wall + Number(minutes) * MINUTE_MS;
  const doorId = order === 'lockdown-all' ? null : door.id;
  const go = (): void =>
    act.run(
      Done,
      (calls, id, on) => sent(calls, id, on.signal),
      () => {
        toast(t(`staff.did-${order}`, { door: door.name }));
        close();
      },
    );
  const sent: Sent = (calls, id, signal) => {
    const one = { act: id, doorId: door.id, why };
    switch (order) {
      case 'hold':
        return calls.act.holdOpen.mutate({ ...one, until: desk.wall() + Number(minutes) * MINUTE_MS }, { signal });
      case 'end-hold':
        return calls.act.endHold.mutate(one, { signal });
      case 'lockdown':
      case 'lockdown-all':
        return calls.act.lockDown.mutate({ ...one, doorId }, { signal });
      case 'end-lockdown':
        return calls.act.endLockdown.mutate({ ...one, doorId }, { signal });
    }
  };
  const says = t(`staff.says-${order}`, { door: door.name, until: scene.speaker.formats.time(until) });
  return (
    <Ask
      title={t(`staff.ask-${order}`, { door: door.name })}
      says={[says, t('staff.says-record')]}
      go={t(order === 'lockdown-all' ? 'staff.lockdown' : `staff.${order}`)}
      danger={order.startsWith('lockdown')}
      {...{ act, close }}
      onGo={go}
    >
      {order === 'hold' ? (
        <Options
          label={t('staff.how-long')}
          value={minutes}
          options={HOLDS.map((one) => [one, t('staff.minutes', { minutes: Number(one) })])}
          choose={setMinutes}
        />
      ) : null}
      <Reasons why={why} choose={setWhy} />
    </Ask>
  );
}

type Sent = (calls: ReturnType<typeof useStaff>['desk']['calls'], id: string, signal: AbortSignal) => Promise<unknown>;

interface ReasonsProps {
  readonly why: OrderReason;
  readonly choose: (why: OrderReason) => void;
}

function Reasons({ why, choose }: ReasonsProps): ReactElement {
  const { t } = useStaff();
  const options = ORDER_REASONS.map((one) => [one, t(`staff.order-${one}`)] as const);
  return <Options label={t('staff.reason')} value={why} options={options} choose={choose} />;
}
