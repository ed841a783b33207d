import { type ReactElement, useEffect, useState } from 'react';
import { type Hit, SearchMessage } from '../../../main/contract/looks.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Back, Chip, Rows } from './bits.tsx';
import { TypeIn } from './type-in.tsx';
import { useStaff } from './use.ts';

export function Members(): ReactElement {
  const { go } = useStaff();
  return (
    <main className="w-room w-members">
      <Search pick={({ memberId }) => go({ at: 'member', memberId })} leave={() => go({ at: 'home' })} other={null} />
    </main>
  );
}

interface Found {
  readonly hits: readonly Hit[];
  /** null: looked through. */
  readonly looked: { readonly looked: number; readonly of: number } | null;
  readonly end: 'all' | 'more' | 'broken' | null;
}

const NOTHING: Found = { hits: [], looked: null, end: null };

function found(before: Found, message: SearchMessage): Found {
  switch (message.kind) {
    case 'progress':
      return { ...before, looked: { looked: message.looked, of: message.of } };
    case 'hits':
      return { ...before, hits: [...before.hits, ...message.hits] };
    case 'end':
      return { ...before, looked: null, end: message.more ? 'more' : 'all' };
  }
}

interface SearchProps {
  readonly pick: (who: { readonly memberId: string; readonly name: string }) => void;
  readonly leave: () => void;
  readonly other: { readonly word: string; readonly press: () => void } | null;
}

/** By a part of a name or its kana, or by a code: typed, or held before this page's reader. */
export function Search({ pick, leave, other }: SearchProps): ReactElement {
  const { t, clock, scene } = useStaff();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState<string | null>(null);
  const { kiosk } = scene;
  useEffect(() => {
    kiosk.readers.divert((text) => {
      setTyped(text);
      setAsked(text);
    });
    return () => kiosk.readers.divert(null);
  }, [kiosk]);
  if (asked === null) {
    return (
      <div className="w-search">
        <p className="w-acts-row">
          <Back onPress={leave} />
          {other === null ? null : (
            <Button clock={clock} className="small" onPress={other.press}>
              {other.word}
            </Button>
          )}
        </p>
        <TypeIn
          clock={clock}
          t={t}
          name={t('staff.search')}
          hint={t('staff.search-hint')}
          value={typed}
          change={setTyped}
          go={t('staff.find')}
          off={typed.trim() === ''}
          onGo={() => setAsked(typed)}
        />
      </div>
    );
  }
  return <Hits key={asked} text={asked} pick={pick} again={() => setAsked(null)} />;
}

interface HitsProps {
  readonly text: string;
  readonly pick: SearchProps['pick'];
  readonly again: () => void;
}

function Hits({ text, pick, again }: HitsProps): ReactElement {
  const { t, clock } = useStaff();
  const { hits, looked, end } = useSearch(text);
  return (
    <section className="w-card w-hits">
      <p className="w-acts-row">
        <Back onPress={again} />
        <span className="w-note">{t('staff.found', { count: hits.length })}</span>
      </p>
      {end !== null ? null : (
        <div className="w-busy" role="status">
          <i aria-hidden="true" />
          <p>{looked === null ? t('staff.busy') : t('staff.looked', { looked: looked.looked, of: looked.of })}</p>
        </div>
      )}
      {hits.length === 0 && end !== null ? <p className="w-none">{t('staff.found-none')}</p> : null}
      <Rows name={t('staff.search')}>
        {hits.map((hit) => (
          <li key={hit.memberId}>
            <Button clock={clock} className="row" onPress={() => pick(hit)}>
              <span className="w">
                <b>{hit.name}</b>
                <small>{hit.kana}</small>
              </span>
              {hit.code === null ? null : <span className="num">…{hit.code}</span>}
              {hit.suspended ? <Chip look="no">{t('staff.suspended')}</Chip> : null}
              <Icon name="shut" />
            </Button>
          </li>
        ))}
      </Rows>
      {end === 'more' ? <p className="w-note">{t('staff.found-more')}</p> : null}
      {end === 'broken' ? <p className="w-note">{t('staff.fault-away')}</p> : null}
    </section>
  );
}

function useSearch(text: string): Found {
  const { desk } = useStaff();
  const [state, setState] = useState<Found>(NOTHING);
  useEffect(() => {
    setState(NOTHING);
    const searching = desk.calls.look.search.subscribe(
      { text },
      {
        onData: (data: unknown) => {
          const message = SearchMessage.safeParse(data);
          if (message.success) setState((before) => found(before, message.data));
        },
        onError: () => setState((before) => ({ ...before, end: 'broken' })),
      },
    );
    return () => searching.unsubscribe();
  }, [desk, text]);
  return state;
}
