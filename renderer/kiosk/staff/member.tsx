import { type ReactElement, useState } from 'react';
import type * as z from 'zod';
import { MemberOutput, UsageOutput, VisitsOutput } from '../../../main/contract/looks.ts';
import { EndStayOutput } from '../../../main/contract/staff.ts';
import { Button } from '../../parts/button.tsx';
import { Ask, Back, Card, Chip, Looked, More, type Pages } from './bits.tsx';
import { dayAndTime, longDay, shortDay } from './dates.ts';
import { LetIn } from './let-in.tsx';
import { TicketDesk } from './ticket-desk.tsx';
import { useAct, useLook, useStaff } from './use.ts';

export type MemberShown = Extract<z.infer<typeof MemberOutput>, { ok: true }>['value'];

/** A member: what they have, where they are, and what they did. */
export function Member({
  memberId,
  ticketId,
}: {
  readonly memberId: string;
  readonly ticketId: string | null;
}): ReactElement {
  const [look, again] = useLook(memberId, (desk) =>
    desk.ask(MemberOutput, (calls, signal) => calls.look.member.query({ memberId }, { signal })),
  );
  return (
    <main className="w-room w-member">
      <Looked look={look} again={again}>
        {(member) => (
          <>
            <Facts member={member} again={again} />
            <TicketDesk member={member} chosen={ticketId} again={again} />
            <History memberId={memberId} />
          </>
        )}
      </Looked>
    </main>
  );
}

interface FactsProps {
  readonly member: MemberShown;
  readonly again: () => void;
}

function Facts({ member, again }: FactsProps): ReactElement {
  const { t, clock, go, site } = useStaff();
  const [asks, setAsks] = useState<'let-in' | 'end-stay' | null>(null);
  const { memberId, name, kana, contracts, inside } = member;
  const planOf = (id: string): string => site?.plans.find((plan) => plan.id === id)?.name ?? id;
  return (
    <Card title={name} end={<Back onPress={() => go({ at: 'members' })} />} className="fill">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="w-scroll" tabIndex={0} aria-label={name}>
        <p className="w-note">
          {kana} {member.suspended ? <Chip look="no">{t('staff.suspended')}</Chip> : null}
        </p>
        <dl className="w-facts">
          {contracts.map((contract) => (
            <div key={contract.id} className={contract.inEffect ? undefined : 'past'}>
              <dt>{planOf(contract.planId)}</dt>
              <dd className="num">
                {longDay(contract.from)} – {contract.to === null ? '' : longDay(contract.to)}
              </dd>
            </div>
          ))}
          {contracts.length === 0 ? <p className="w-none">{t('staff.no-contract')}</p> : null}
        </dl>
        <Now member={member} />
        <div className="w-acts">
          <Button clock={clock} className="main wide" onPress={() => setAsks('let-in')}>
            {t('staff.let-in')}
          </Button>
          {inside.length === 0 ? null : (
            <Button clock={clock} className="wide" onPress={() => setAsks('end-stay')}>
              {t('staff.end-stay')}
            </Button>
          )}
        </div>
      </section>
      {asks === 'let-in' ? <LetIn {...{ memberId, name, doorId: null }} close={() => setAsks(null)} /> : null}
      {asks === 'end-stay' ? <EndStay {...{ member, again }} close={() => setAsks(null)} /> : null}
    </Card>
  );
}

function Now({ member: { inside } }: { readonly member: MemberShown }): ReactElement {
  const { t, site, scene } = useStaff();
  if (inside.length === 0) return <p>{t('staff.is-outside')}</p>;
  return (
    <>
      {inside.map(({ placeId, since }) => (
        <p key={placeId}>
          {t('staff.is-inside', {
            place: site?.places.find(({ id }) => id === placeId)?.name ?? placeId,
            since: dayAndTime(scene.speaker.formats, since),
          })}
        </p>
      ))}
    </>
  );
}

function EndStay({ member, again, close }: FactsProps & { readonly close: () => void }): ReactElement | null {
  const { t, toast } = useStaff();
  const act = useAct();
  const [stay] = member.inside;
  if (stay === undefined) return null;
  const { memberId, name } = member;
  const go = (): void =>
    act.run(
      EndStayOutput,
      (calls, id, on) => calls.act.endStay.mutate({ act: id, memberId, placeId: stay.placeId }, on),
      () => {
        toast(t('staff.did-end-stay', { name }));
        close();
        again();
      },
    );
  return (
    <Ask
      title={t('staff.ask-end-stay', { name })}
      says={[t('staff.says-end-stay'), t('staff.says-record')]}
      go={t('staff.end-stay')}
      {...{ act, close }}
      onGo={go}
    />
  );
}

type Past = 'visits' | 'usage';

function History({ memberId }: { readonly memberId: string }): ReactElement {
  const { t, clock } = useStaff();
  const [past, setPast] = useState<Past>('visits');
  const choice = (
    <fieldset className="w-seg">
      <legend className="w-hidden">{t('staff.history')}</legend>
      {(['visits', 'usage'] as const).map((one) => (
        <Button key={one} clock={clock} pressed={one === past} onPress={() => setPast(one)}>
          {t(`staff.past-${one}`)}
        </Button>
      ))}
    </fieldset>
  );
  return (
    <Card title={t('staff.history')} end={choice} className="fill">
      {past === 'visits' ? <VisitsList memberId={memberId} /> : <UsageList memberId={memberId} />}
    </Card>
  );
}

interface OfMember {
  readonly memberId: string;
}

function VisitsList({ memberId }: OfMember): ReactElement {
  const { t, desk, site, scene } = useStaff();
  const { formats } = scene.speaker;
  const ask = (after: string | null) =>
    desk.ask(VisitsOutput, (calls, signal) => calls.look.visits.query({ memberId, after }, { signal }));
  const [look, again] = useLook(`visits ${memberId}`, () => ask(null));
  const load = async (after: string): Promise<Pages<Visit> | null> => valueOr(await ask(after));
  return (
    <Looked look={look} again={again}>
      {(first) => (
        <More
          first={first}
          load={load}
          name={t('staff.past-visits')}
          none={t('staff.none-yet')}
          draw={({ placeId, enteredAt, exitedAt }) => (
            <li key={`${placeId} ${enteredAt}`} className="plain">
              <span className="num t wide">{dayAndTime(formats, enteredAt)}</span>
              <span className="w">
                <span className="num">{exitedAt === null ? t('staff.still-in') : `– ${formats.time(exitedAt)}`}</span>
                <small>{site?.places.find(({ id }) => id === placeId)?.name}</small>
              </span>
            </li>
          )}
        />
      )}
    </Looked>
  );
}
type Visit = Extract<z.infer<typeof VisitsOutput>, { ok: true }>['value']['rows'][number];
type Usage = Extract<z.infer<typeof UsageOutput>, { ok: true }>['value']['rows'][number];

export function valueOr<T>(asked: { readonly ok: true; readonly value: T } | { readonly ok: false }): T | null {
  return asked.ok ? asked.value : null;
}

function UsageList({ memberId }: OfMember): ReactElement {
  const { t, desk, site } = useStaff();
  const ask = (after: string | null) =>
    desk.ask(UsageOutput, (calls, signal) => calls.look.usage.query({ memberId, after }, { signal }));
  const [look, again] = useLook(`usage ${memberId}`, () => ask(null));
  const load = async (after: string): Promise<Pages<Usage> | null> => valueOr(await ask(after));
  return (
    <Looked look={look} again={again}>
      {(first) => (
        <More
          first={first}
          load={load}
          name={t('staff.past-usage')}
          none={t('staff.none-yet')}
          draw={({ day, bandId, contractId }) => (
            <li key={`${day} ${contractId} ${bandId}`} className="plain">
              <span className="num t">{shortDay(day)}</span>
              <span className="w">{site?.bands.find(({ id }) => id === bandId)?.name ?? bandId}</span>
            </li>
          )}
        />
      )}
    </Looked>
  );
}
