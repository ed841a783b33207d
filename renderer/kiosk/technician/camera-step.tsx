import { type ReactElement, type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button } from '../../parts/button.tsx';
import { Done, Task } from './bits.tsx';
import { useDesk } from './desk.ts';
import { addFrame, type Look, lookOf, NO_RATE, percentRead, type Rate } from './focus.ts';
import type { TechKey } from './texts.ts';

const LOOK_MS = 250;
const LOOK_WIDTH = 320;
const LOOK_HEIGHT = 240;
/** What is good enough at a door, in percent. */
const GOOD_RATE = 60;
const GOOD_FOCUS = 30;
const GOOD_LIGHT = 25;

export function CameraStep(): ReactElement {
  const { t, kiosk } = useDesk();
  const snap = useSyncExternalStore(kiosk.subscribe, kiosk.snapshot);
  const reader = snap.door?.camera ?? null;
  const missing = reader === null ? 'tech.camera.none' : snap.camera.off ? 'tech.camera.off' : null;
  return (
    <Task head={t('tech.camera.head')} about={t('tech.camera.about')}>
      {reader === null || missing !== null ? (
        <p className="tech-todo" role="status">
          <b>{t('tech.next.try')}</b> {t(missing ?? 'tech.camera.none')}
        </p>
      ) : (
        <Aim reader={reader} />
      )}
    </Task>
  );
}

function Aim({ reader }: { readonly reader: string }): ReactElement {
  const { t, eye } = useDesk();
  const video = useRef<HTMLVideoElement>(null);
  const rate = useRate();
  const look = useLook(video);
  useEffect(() => (video.current === null ? undefined : eye.show(video.current)), [eye]);
  const percent = percentRead(rate);
  const hint = hintOf(percent, look);
  return (
    <div className="tech-duo">
      <div className="tech-view">
        <video ref={video} muted playsInline />
        <span className="aim" aria-hidden="true" />
        <p className={hint === 'tech.camera.good' ? 'hint good' : 'hint'} role="status">
          {t(hint)}
        </p>
      </div>
      <Figures {...{ reader, rate, look, percent }} />
    </div>
  );
}

function useRate(): Rate {
  const { eye } = useDesk();
  const [rate, setRate] = useState<Rate>(NO_RATE);
  useEffect(
    () =>
      eye.listen(({ atMs, decoded, text }) => {
        setRate((before) => addFrame(before, { atMs, decoded, read: text !== null }));
      }),
    [eye],
  );
  return rate;
}

function useLook(video: RefObject<HTMLVideoElement | null>): Look {
  const { clock } = useDesk();
  const [look, setLook] = useState<Look>({ sharpness: 0, light: 0 });
  useEffect(() => {
    let timer = clock.after('picture looked at', LOOK_MS, again);
    function again(): void {
      const seen = video.current === null ? null : looked(video.current);
      if (seen !== null) setLook(seen);
      timer = clock.after('picture looked at', LOOK_MS, again);
    }
    return () => timer.cancel();
  }, [clock, video]);
  return look;
}

interface FiguresProps {
  readonly reader: string;
  readonly rate: Rate;
  readonly look: Look;
  readonly percent: number | null;
}

function Figures({ reader, rate, look, percent }: FiguresProps): ReactElement {
  const { t, clock, model } = useDesk();
  const [isNoted, setNoted] = useState(false);
  const frames = rate.frames.length;
  const note = (): void => {
    const ok = (percent ?? 0) >= GOOD_RATE;
    const detail = `${percent ?? 0} %, focus ${look.sharpness}, light ${look.light}, ${frames}/s`;
    const test = { part: reader, test: 'camera', ok, detail } as const;
    void model.done((calls) => calls.setup.note.mutate(test)).then((done) => setNoted(done.ok));
  };
  const read = percent === null ? '–' : `${percent}%`;
  return (
    <section className="tech-card">
      <Meter name={t('tech.camera.rate')} value={read} percent={percent ?? 0} good={GOOD_RATE} />
      <Meter name={t('tech.camera.focus')} value={String(look.sharpness)} percent={look.sharpness} good={GOOD_FOCUS} />
      <Meter name={t('tech.camera.light')} value={String(look.light)} percent={look.light} good={GOOD_LIGHT} />
      <Meter name={t('tech.camera.frames')} value={String(frames)} percent={Math.min(100, frames * 3)} good={30} />
      <Button clock={clock} off={percent === null} onPress={note}>
        {t('tech.camera.note')}
      </Button>
      {isNoted ? <Done>{t('tech.find.tested')}</Done> : null}
    </section>
  );
}

/** The first thing that would help. */
function hintOf(percent: number | null, { sharpness, light }: Look): TechKey {
  if (light < GOOD_LIGHT) return 'tech.camera.dark';
  if (percent === null) return 'tech.camera.hold';
  if (percent >= GOOD_RATE) return 'tech.camera.good';
  return sharpness < GOOD_FOCUS ? 'tech.camera.blurred' : 'tech.camera.few';
}

/** null while there is no picture. Nothing of it is kept. */
function looked(video: HTMLVideoElement): Look | null {
  if (video.videoWidth === 0) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [LOOK_WIDTH, LOOK_HEIGHT];
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.drawImage(video, 0, 0, LOOK_WIDTH, LOOK_HEIGHT);
  return lookOf(context.getImageData(0, 0, LOOK_WIDTH, LOOK_HEIGHT).data, LOOK_WIDTH, LOOK_HEIGHT);
}

interface MeterProps {
  readonly name: string;
  readonly value: string;
  readonly percent: number;
  /** Where it is good enough. */
  readonly good: number;
}

function Meter({ name, value, percent, good }: MeterProps): ReactElement {
  return (
    <div className={percent >= good ? 'tech-meter' : 'tech-meter heed'}>
      <span>{name}</span>
      <b className="num">{value}</b>
      <span className="track" aria-hidden="true">
        <i style={{ transform: `scaleX(${Math.min(100, percent) / 100})` }} />
        <em style={{ left: `${good}%` }} />
      </span>
    </div>
  );
}
