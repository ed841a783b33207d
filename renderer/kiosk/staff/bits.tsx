/** Small parts that several of the staff's screens show. */
import { type KeyboardEvent, type ReactElement, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import type { Refusal } from './refusal.ts';
import type { Look } from './use.ts';
import { type Act, useBeat, useStaff, useWait } from './use.ts';
import { faultWords } from './words.ts';

const SLOW_MS = 5_000;
const SECOND_MS = 1_000;

/** Moves and says so once it takes over 300 ms; over 5 s it counts, and there is a way out. */
export function Busy({ onLeave }: { readonly onLeave: () => void }): ReactElement {
  const { t, clock } = useStaff();
  const since = useRef(clock.mono());
  const passedMs = useBeat(clock, SECOND_MS) - since.current;
  return (
    <div className="w-busy" role="status">
      <i aria-hidden="true" />
      <p>
        {passedMs < SLOW_MS ? t('staff.busy') : t('staff.busy-count', { seconds: Math.floor(passedMs / SECOND_MS) })}
      </p>
      {passedMs < SLOW_MS ? null : (
        <Button clock={clock} className="small" onPress={onLeave}>
          {t('staff.stop-waiting')}
        </Button>
      )}
    </div>
  );
}

export function Trouble({ refusal, again }: TroubleProps): ReactElement {
  const { t, clock } = useStaff();
  const leftMs = useWait(clock, refusal);
  return (
    <div className="w-trouble" role="alert">
      <p>{faultWords(t, refusal, leftMs)}</p>
      {again === undefined ? null : (
        <Button clock={clock} className="small" onPress={again}>
          {t('staff.again')}
        </Button>
      )}
    </div>
  );
}
interface TroubleProps {
  readonly refusal: Refusal;
  readonly again?: () => void;
}

interface LookedProps<T> {
  readonly look: Look<T>;
  readonly again: () => void;
  readonly children: (value: T) => ReactNode;
}

/** What was asked for, or why it isn't there. */
export function Looked<T>({ look, again, children }: LookedProps<T>): ReactElement {
  const { go } = useStaff();
  if (look.at === 'given') return <>{children(look.value)}</>;
  if (look.at === 'failed') return <Trouble refusal={look.refusal} again={again} />;
  if (look.before === null) return <Busy onLeave={() => go({ at: 'home' })} />;
  return <>{children(look.before)}</>;
}

/** While an act is done, and what became of it. */
export function Acting({ act }: { readonly act: Act }): ReactElement | null {
  if (act.busy) return <Busy onLeave={act.cancel} />;
  return act.refusal === null ? null : <Trouble refusal={act.refusal} />;
}

interface SheetProps {
  readonly title: string;
  readonly close: () => void;
  readonly children: ReactNode;
}

/** Lies over the screen and asks; Escape puts it away. */
export function Sheet({ title, close, children }: SheetProps): ReactElement {
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(() => sheet.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
  };
  return (
    <div className="w-sheet">
      <div
        ref={sheet}
        className="w-card"
        role="dialog"
        aria-modal="true"
        aria-label={title}
        tabIndex={-1}
        onKeyDown={onKeyDown}
      >
        <h2>{title}</h2>
        {children}
      </div>
    </div>
  );
}

interface AskProps {
  readonly title: string;
  /** The consequence, named. */
  readonly says: readonly string[];
  readonly go: string;
  readonly danger?: boolean;
  readonly act: Act;
  readonly onGo: () => void;
  readonly close: () => void;
  readonly children?: ReactNode;
}

/** Asks once. */
export function Ask({ title, says, go, danger, act, onGo, close, children }: AskProps): ReactElement {
  const { t, clock } = useStaff();
  return (
    <Sheet title={title} close={close}>
      <ul className="w-says">
        {says.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {children}
      <Acting act={act} />
      <div className="w-ends">
        <Button clock={clock} onPress={close}>
          {t('staff.cancel')}
        </Button>
        <Button clock={clock} className={danger === true ? 'danger' : 'main'} busy={act.busy} onPress={onGo}>
          {go}
        </Button>
      </div>
    </Sheet>
  );
}

interface OptionsProps<T extends string> {
  readonly label: string;
  readonly value: T | null;
  readonly options: readonly (readonly [T, string])[];
  readonly choose: (value: T) => void;
}

/** One of a few. */
export function Options<T extends string>({ label, value, options, choose }: OptionsProps<T>): ReactElement {
  const { clock } = useStaff();
  return (
    <fieldset className="w-options">
      <legend>{label}</legend>
      {options.map(([option, word]) => (
        <Button key={option} clock={clock} deafMs={0} pressed={option === value} onPress={() => choose(option)}>
          {word}
        </Button>
      ))}
    </fieldset>
  );
}

export function Card({
  title,
  end,
  children,
  className = '',
}: {
  readonly title: string;
  readonly end?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}): ReactElement {
  return (
    <section className={`w-card ${className}`} aria-label={title}>
      <h2 className="w-h2">
        {title}
        {end === undefined ? null : <span className="end">{end}</span>}
      </h2>
      {children}
    </section>
  );
}

/** A list that scrolls within its card, by finger and by keyboard. */
export function Rows({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <ul className="w-rows" aria-label={name} tabIndex={0}>
      {children}
    </ul>
  );
}

type ChipLook = 'ok' | 'no' | 'heed' | 'out' | 'plain';

export function Chip({ look, children }: { readonly look: ChipLook; readonly children: ReactNode }): ReactElement {
  return <span className={`w-chip ${look}`}>{children}</span>;
}

export interface Pages<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

/** A list of which the end is fetched when it is asked for. */
export function More<T>({
  first,
  load,
  draw,
  name,
  none,
}: {
  readonly first: Pages<T>;
  readonly load: (after: string) => Promise<Pages<T> | null>;
  readonly draw: (row: T, index: number) => ReactElement;
  readonly name: string;
  readonly none: string;
}): ReactElement {
  const { t, clock } = useStaff();
  const [more, setMore] = useState<Pages<T>>({ rows: [], next: first.next });
  const [busy, setBusy] = useState(false);
  const fetchMore = (after: string): void => {
    setBusy(true);
    void load(after).then((page) => {
      setBusy(false);
      if (page !== null) setMore(({ rows }) => ({ rows: [...rows, ...page.rows], next: page.next }));
    });
  };
  const rows = [...first.rows, ...more.rows];
  if (rows.length === 0) return <p className="w-none">{none}</p>;
  return (
    <Rows name={name}>
      {rows.map(draw)}
      {more.next === null ? null : (
        <li>
          <Button clock={clock} className="small" busy={busy} onPress={() => fetchMore(more.next ?? '')}>
            {t(busy ? 'staff.busy' : 'staff.more')}
          </Button>
        </li>
      )}
    </Rows>
  );
}

export function Back({ onPress }: { readonly onPress: () => void }): ReactElement {
  const { t, clock } = useStaff();
  return (
    <Button clock={clock} className="small" onPress={onPress}>
      <Icon name="back" />
      {t('screens.common.back')}
    </Button>
  );
}
