import { type ReactElement, useState } from 'react';
import { IssueTicketOutput, RedeemOutput } from '../../../main/contract/staff.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Acting, Ask, Card, Options } from './bits.tsx';
import { longDay } from './dates.ts';
import type { MemberShown } from './member.tsx';
import { useAct, useStaff } from './use.ts';

type TicketShown = MemberShown['tickets'][number];

interface TicketDeskProps {
  readonly member: MemberShown;
  /** That which was held before the reader. */
  readonly chosen: string | null;
  readonly again: () => void;
}

/** A member's tickets: use one, issue one. */
export function TicketDesk({ member, chosen, again }: TicketDeskProps): ReactElement {
  const { t, clock } = useStaff();
  const [on, setOn] = useState<string | null>(chosen);
  const [issues, setIssues] = useState(false);
  const ticket = member.tickets.find(({ ticketId }) => ticketId === on);
  return (
    <Card title={t('staff.to-tickets')} className="fill">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="w-scroll" tabIndex={0} aria-label={t('staff.to-tickets')}>
        {member.tickets.length === 0 ? <p className="w-none">{t('staff.no-tickets')}</p> : null}
        <div className="w-tickets">
          {member.tickets.map((one) => (
            <TicketButton
              key={one.ticketId}
              ticket={one}
              isOn={one.ticketId === on}
              press={() => setOn(one.ticketId)}
            />
          ))}
        </div>
        {ticket === undefined ? null : <Redeem key={ticket.ticketId} ticket={ticket} again={again} />}
        <Button clock={clock} className="small" onPress={() => setIssues(true)}>
          <Icon name="ticket" />
          {t('staff.issue')}
        </Button>
      </section>
      {issues ? <Issue member={member} again={again} close={() => setIssues(false)} /> : null}
    </Card>
  );
}

interface TicketButtonProps {
  readonly ticket: TicketShown;
  readonly isOn: boolean;
  readonly press: () => void;
}

function TicketButton({ ticket, isOn, press }: TicketButtonProps): ReactElement {
  const { t, clock, site } = useStaff();
  const type = site?.ticketTypes.find(({ id }) => id === ticket.typeId);
  const until = ticket.lastDay === null ? t('staff.no-end') : t('staff.until-day', { day: longDay(ticket.lastDay) });
  return (
    <Button className="w-ticket" clock={clock} pressed={isOn} off={!ticket.redeemable} onPress={press}>
      <span className="w">
        <b>{ticket.name}</b>
        <small>
          {until}
          {type === undefined ? null : ` · ${t(`staff.present-${type.present}`)}`}
        </small>
      </span>
      <span className="uses">
        <strong className="num">{ticket.remaining}</strong>
        {type === undefined ? null : <span className="num"> / {type.uses}</span>}
      </span>
    </Button>
  );
}

interface RedeemProps {
  readonly ticket: TicketShown;
  readonly again: () => void;
}

function Redeem({ ticket, again }: RedeemProps): ReactElement {
  const { t, clock, toast } = useStaff();
  const [uses, setUses] = useState(1);
  const act = useAct();
  const after = ticket.remaining - uses;
  const go = (): void =>
    act.run(
      RedeemOutput,
      (calls, id, on) => calls.act.redeem.mutate({ act: id, ticketId: ticket.ticketId, uses }, on),
      ({ remaining }) => {
        toast(t('staff.did-redeem', { ticket: ticket.name, left: remaining }));
        setUses(1);
        again();
      },
    );
  return (
    <div className="w-redeem">
      <p>{t('staff.how-many')}</p>
      <div className="w-stepper">
        <Button clock={clock} label={t('staff.less')} off={uses <= 1} deafMs={0} onPress={() => setUses(uses - 1)}>
          −
        </Button>
        <output className="num">{uses}</output>
        <Button clock={clock} label={t('staff.plus')} off={after <= 0} deafMs={0} onPress={() => setUses(uses + 1)}>
          ＋
        </Button>
      </div>
      <p className="w-change num">
        {ticket.remaining} → <b>{Math.max(0, after)}</b>
      </p>
      <Acting act={act} />
      <Button clock={clock} className="main wide" busy={act.busy} off={after < 0} onPress={go}>
        {t('staff.redeem', { uses })}
      </Button>
    </div>
  );
}

function Issue({
  member,
  again,
  close,
}: Omit<TicketDeskProps, 'chosen'> & { readonly close: () => void }): ReactElement {
  const { t, toast, site } = useStaff();
  const act = useAct();
  const types = site?.ticketTypes ?? [];
  const [typeId, setTypeId] = useState<string | null>(null);
  const type = types.find(({ id }) => id === typeId);
  const go = (): void => {
    if (type === undefined) return;
    act.run(
      IssueTicketOutput,
      (calls, id, on) => calls.act.issueTicket.mutate({ act: id, memberId: member.memberId, typeId: type.id }, on),
      () => {
        toast(t('staff.did-issue', { ticket: type.name }));
        close();
        again();
      },
    );
  };
  const says =
    type === undefined ? t('staff.pick-type') : t('staff.says-issue', { uses: type.uses, price: `¥${type.price}` });
  return (
    <Ask
      title={t('staff.ask-issue', { name: member.name })}
      says={[says, t('staff.says-record')]}
      go={t('staff.issue')}
      {...{ act, close }}
      onGo={go}
    >
      <Options
        label={t('staff.ticket-type')}
        value={typeId}
        options={types.map((one) => [one.id, one.name] as const)}
        choose={setTypeId}
      />
    </Ask>
  );
}
