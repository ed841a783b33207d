import { type ReactElement, useEffect } from 'react';
import { CodeLookOutput, TicketUsesOutput } from '../../../main/contract/looks.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Acting, Card, Looked, More } from './bits.tsx';
import { shortDay } from './dates.ts';
import { HeldTicket } from './held-ticket.tsx';
import { valueOr } from './member.tsx';
import { useAct, useLook, useStaff } from './use.ts';

const MOST_TEXT = 512;

/** A ticket is held before this page's reader or the door's, or found by who has it. */
export function Tickets(): ReactElement {
  const { t, go, toast, scene } = useStaff();
  const act = useAct();
  const { kiosk } = scene;
  const { run } = act;
  const look = (text: string): void =>
    run(
      CodeLookOutput,
      (calls, _, on) => calls.look.code.query({ text: text.slice(0, MOST_TEXT) }, on),
      (found) => {
        if (found.kind === 'none') toast(t('staff.unknown-code'));
        else if (found.kind === 'member') go({ at: 'member', memberId: found.memberId });
        else go({ at: 'member', memberId: found.memberId, ticketId: found.ticket.ticketId });
      },
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a code asks for is the same at every drawing
  useEffect(() => {
    kiosk.readers.divert(look);
    return () => kiosk.readers.divert(null);
  }, [kiosk]);
  return (
    <main className="w-room w-tickets-room">
      <Card title={t('staff.ticket-by-code')}>
        <p className="w-hold">
          <Icon name="qr" />
          {t('staff.hold-ticket')}
        </p>
        <HeldTicket take={look} />
        <Acting act={act} />
        <ByMember />
      </Card>
      <Uses />
    </main>
  );
}

function ByMember(): ReactElement {
  const { t, clock, go } = useStaff();
  return (
    <Button clock={clock} onPress={() => go({ at: 'members' })}>
      <Icon name="search" />
      {t('staff.ticket-by-member')}
    </Button>
  );
}

/** Everybody's, newest first. */
function Uses(): ReactElement {
  const { t, desk, site } = useStaff();
  const ask = (after: string | null) =>
    desk.ask(TicketUsesOutput, (calls, signal) => calls.look.ticketUses.query({ memberId: null, after }, { signal }));
  const [look, again] = useLook('uses', () => ask(null));
  return (
    <Card title={t('staff.ticket-uses')} className="fill">
      <Looked look={look} again={again}>
        {(first) => (
          <More
            first={first}
            load={async (after) => valueOr(await ask(after))}
            name={t('staff.ticket-uses')}
            none={t('staff.none-yet')}
            draw={(row, index) => (
              <li key={`${row.ticketId} ${row.day} ${row.event ?? index}`} className="plain">
                <span className="num t">{shortDay(row.day)}</span>
                <span className="w">
                  <b>{row.name ?? t('staff.left-data')}</b>
                  <small>{site?.ticketTypes.find(({ id }) => id === row.typeId)?.name}</small>
                </span>
                <span className="num">{t('staff.times', { uses: row.uses })}</span>
              </li>
            )}
          />
        )}
      </Looked>
    </Card>
  );
}
