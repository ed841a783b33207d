import { type ReactElement, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { SiteOutput } from '../../../main/contract/looks.ts';
import type { Person } from '../../../main/contract/staff.ts';
import { list } from '../../locale/format.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { LeavesMark } from '../../parts/marks.tsx';
import type { Scene } from '../scene.ts';
import { StillThere } from '../still-there.tsx';
import { DESK_TIMES, type DeskView } from './desk.ts';
import { FirstManager } from './first.tsx';
import { Rail } from './rail.tsx';
import { Room } from './room.tsx';
import { SignIn } from './sign-in.tsx';
import './staff.css';
import './staff-parts.css';
import { createStaffTexts } from './texts.ts';
import { type Route, type Staff, StaffContext, useBeat, useLook, useStaff } from './use.ts';

const SECOND_MS = 1_000;
const TOAST_MS = 5_000;
const speak = createStaffTexts();

/** In place of the members' screens: sign-in, then what staff do. Nothing about anybody stands here before. */
export function StaffApp({ scene }: { readonly scene: Scene }): ReactElement {
  const { desk, clock, speaker } = scene;
  const view = useSyncExternalStore(desk.subscribe, desk.view);
  const t = useMemo(() => speak(speaker.language), [speaker.language]);
  const { who, person } = view;
  if (person !== null) return <SignedIn key={person.staffId} scene={scene} view={view} person={person} />;
  const words = { entrance: desk, clock, t };
  return (
    <div className="w-work out">
      <header className="w-bar">
        <LeavesMark className="logo" />
        <h1>{t('staff.title')}</h1>
        <div className="end">
          <Button clock={clock} className="small" onPress={() => desk.close()}>
            <Icon name="back" />
            {t('staff.back-to-members')}
          </Button>
        </div>
      </header>
      {who === null ? <main /> : who.firstManager ? <FirstManager {...words} /> : null}
      {who !== null && !who.firstManager ? <SignIn {...words} people={who.people} /> : null}
    </div>
  );
}

interface SignedInProps {
  readonly scene: Scene;
  readonly view: DeskView;
  readonly person: Person;
}

function SignedIn({ scene, view, person }: SignedInProps): ReactElement {
  const { desk, clock, speaker } = scene;
  const t = useMemo(() => speak(speaker.language), [speaker.language]);
  const [route, go] = useState<Route>({ at: 'home' });
  const [line, setLine] = useState<string | null>(null);
  useEffect(() => {
    if (line === null) return undefined;
    const timer = clock.after('staff toast', TOAST_MS, () => setLine(null));
    return () => timer.cancel();
  }, [line, clock]);
  const staff: Staff = { scene, desk, clock, t, person, site: null, go, toast: setLine };
  return (
    <StaffContext value={staff}>
      <WithSite staff={staff}>
        <div className="w-work" data-route={route.at}>
          <Bar view={view} />
          <Rail at={route.at} />
          <Bands />
          <Room route={route} />
          <StillThere
            {...{ clock, t, untilMono: view.signedOutAtMono, warnMs: DESK_TIMES.warnMs }}
            stay={() => void desk.stay()}
          />
          <div className="w-toast" role="status">
            {line === null ? null : <p>{line}</p>}
          </div>
        </div>
      </WithSite>
    </StaffContext>
  );
}

/** The site's names, once they are here. */
function WithSite({ staff, children }: { readonly staff: Staff; readonly children: ReactElement }): ReactElement {
  const [look] = useLook('site', (desk) =>
    desk.ask(SiteOutput, (calls, signal) => calls.look.site.query(undefined, { signal })),
  );
  return <StaffContext value={{ ...staff, site: look.at === 'given' ? look.value : null }}>{children}</StaffContext>;
}

function Bar({ view }: { readonly view: DeskView }): ReactElement {
  const { scene, t, person, clock } = useStaff();
  const { snap, speaker } = scene;
  const now = useBeat(clock, SECOND_MS);
  const leftS = Math.max(0, Math.ceil(((view.signedOutAtMono ?? now) - now) / SECOND_MS));
  const left = `${Math.floor(leftS / 60)}:${String(leftS % 60).padStart(2, '0')}`;
  return (
    <header className="w-bar">
      <LeavesMark className="logo" />
      <h1>
        {snap.status?.site.name}
        <small>{list(snap.status?.doors.map(({ name }) => name) ?? [], speaker.language)}</small>
      </h1>
      <div className="end">
        <span className="me">
          <b>{person.name}</b>
          <small>
            {t(`staff.role-${person.role}`)} <span className="num">{t('staff.left-time', { left })}</span>
          </small>
        </span>
        <Button
          clock={clock}
          className="small quiet"
          label={t('screens.waiting.text')}
          onPress={() => scene.kiosk.press({ press: 'text' })}
        >
          <Icon name="textSize" />
        </Button>
        <span className="num now">{snap.status?.clock === 'doubtful' ? '--:--' : speaker.formats.time(snap.wall)}</span>
      </div>
    </header>
  );
}

/** What holds for the whole unit: fire first, then what doesn't work. */
function Bands(): ReactElement | null {
  const { scene, t, clock, person, go } = useStaff();
  const { status } = scene.snap;
  if (status === null) return null;
  const lines: string[] = [];
  if (status.doors.some(({ state }) => state === 'fire')) lines.push(t('staff.band-fire'));
  if (status.store === 'fails') lines.push(t('staff.band-store'));
  if (status.clock === 'doubtful') lines.push(t('staff.band-clock'));
  if (status.hub !== null && status.hub.state === 'away') lines.push(offlineWords(status.hub, t));
  const away = status.devices.filter(({ ok }) => !ok).map(({ id }) => id);
  if (away.length > 0) lines.push(t('staff.band-devices', { devices: away.slice(0, 3).join(', ') }));
  if (lines.length === 0) return null;
  return (
    <div className="w-band" role="status">
      <Icon name="warning" />
      <p>{lines.join(' / ')}</p>
      {status.clock === 'doubtful' && person.role === 'manager' ? (
        <Button clock={clock} className="small" onPress={() => go({ at: 'unit' })}>
          {t('staff.to-clock')}
        </Button>
      ) : null}
    </div>
  );
}

const HOUR_S = 3_600;

function offlineWords({ dataAgeSeconds }: { readonly dataAgeSeconds: number | null }, t: Staff['t']): string {
  if (dataAgeSeconds === null) return t('staff.band-offline');
  return t('staff.band-offline-since', { hours: Math.floor(dataAgeSeconds / HOUR_S) });
}
