import { type ReactElement, useCallback, useEffect, useState } from 'react';
import type * as z from 'zod';
import { type MediaFile, MediaOutput } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Busy } from './bits.tsx';
import { useDesk } from './desk.ts';

export type Media = Extract<z.infer<typeof MediaOutput>, { readonly ok: true }>['value'];

/** What is on the sticks; null: looking. And how to look again. */
export function useMedia(): readonly [Media | null, () => void] {
  const { model } = useDesk();
  const [media, setMedia] = useState<Media | null>(null);
  const look = useCallback((): void => {
    setMedia(null);
    void model
      .ask(MediaOutput, () => model.calls.setup.media.query())
      .then((found) => setMedia(found.ok ? found.value : { media: [], files: [] }));
  }, [model]);
  useEffect(look, [look]);
  return [media, look];
}

interface MediaFilesProps {
  readonly media: Media | null;
  readonly kinds: readonly MediaFile['kind'][];
  readonly act: string;
  readonly chosen?: string | null;
  readonly choose: (path: string) => void;
}

export function MediaFiles({ media, kinds, act, chosen, choose }: MediaFilesProps): ReactElement {
  const { t, clock, formats } = useDesk();
  if (media === null) return <Busy />;
  if (media.media.length === 0) return <p>{t('tech.usb.none')}</p>;
  const files = media.files.filter(({ kind }) => kinds.includes(kind));
  if (files.length === 0) return <p>{t('tech.none')}</p>;
  return (
    <ul className="tech-devs">
      {files.slice(0, 50).map(({ path, name, medium, kind, sealed, bytes, modifiedAt }) => (
        <li key={path} className="tech-dev">
          <div>
            <b lang="en">{name}</b>
            <small lang="en">{medium}</small>
          </div>
          <span className="tech-echo">
            {t(`tech.media.${kind}`)} {sealed ? `(${t('tech.media.sealed')}) ` : ''}
            {Math.ceil(bytes / 1_000)} kB {formats.time(modifiedAt)}
          </span>
          <div className="end">
            <Button clock={clock} className="small" pressed={chosen === path} onPress={() => choose(path)}>
              {act}
            </Button>
          </div>
        </li>
      ))}
    </ul>
  );
}
