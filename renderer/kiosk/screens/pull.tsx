import { type ReactElement, useEffect, useRef } from 'react';
import type { Scene } from '../scene.ts';

/** The code on the drawn phone: a picture, not to be read. 21 × 21 modules. */
const DRAWN_CODE =
  'M0 0h7v1h-7zM8 0h1v1h-1zM12 0h1v1h-1zM14 0h7v1h-7zM0 1h1v1h-1zM6 1h1v1h-1zM14 1h1v1h-1zM20 1h1v1h-1zM0 2h1v1h-1zM2 2h3v1h-3zM6 2h1v1h-1zM8 2h1v1h-1zM10 2h1v1h-1zM14 2h1v1h-1zM16 2h3v1h-3zM20 2h1v1h-1zM0 3h1v1h-1zM2 3h3v1h-3zM6 3h1v1h-1zM8 3h1v1h-1zM10 3h2v1h-2zM14 3h1v1h-1zM16 3h3v1h-3zM20 3h1v1h-1zM0 4h1v1h-1zM2 4h3v1h-3zM6 4h1v1h-1zM8 4h1v1h-1zM10 4h1v1h-1zM12 4h1v1h-1zM14 4h1v1h-1zM16 4h3v1h-3zM20 4h1v1h-1zM0 5h1v1h-1zM6 5h1v1h-1zM8 5h1v1h-1zM12 5h1v1h-1zM14 5h1v1h-1zM20 5h1v1h-1zM0 6h7v1h-7zM8 6h1v1h-1zM10 6h1v1h-1zM12 6h1v1h-1zM14 6h7v1h-7zM9 7h2v1h-2zM2 8h6v1h-6zM11 8h3v1h-3zM15 8h4v1h-4zM20 8h1v1h-1zM10 9h5v1h-5zM16 9h4v1h-4zM0 10h3v1h-3zM4 10h4v1h-4zM9 10h1v1h-1zM11 10h1v1h-1zM14 10h4v1h-4zM0 11h1v1h-1zM2 11h3v1h-3zM7 11h1v1h-1zM10 11h1v1h-1zM12 11h2v1h-2zM15 11h1v1h-1zM18 11h1v1h-1zM20 11h1v1h-1zM1 12h2v1h-2zM4 12h6v1h-6zM13 12h5v1h-5zM13 13h1v1h-1zM15 13h1v1h-1zM18 13h1v1h-1zM20 13h1v1h-1zM0 14h7v1h-7zM8 14h1v1h-1zM13 14h3v1h-3zM0 15h1v1h-1zM6 15h1v1h-1zM8 15h2v1h-2zM11 15h1v1h-1zM13 15h5v1h-5zM19 15h1v1h-1zM0 16h1v1h-1zM2 16h3v1h-3zM6 16h1v1h-1zM8 16h2v1h-2zM12 16h1v1h-1zM14 16h3v1h-3zM19 16h2v1h-2zM0 17h1v1h-1zM2 17h3v1h-3zM6 17h1v1h-1zM8 17h1v1h-1zM12 17h2v1h-2zM15 17h3v1h-3zM19 17h2v1h-2zM0 18h1v1h-1zM2 18h3v1h-3zM6 18h1v1h-1zM8 18h1v1h-1zM10 18h2v1h-2zM15 18h1v1h-1zM17 18h1v1h-1zM19 18h1v1h-1zM0 19h1v1h-1zM6 19h1v1h-1zM10 19h3v1h-3zM15 19h2v1h-2zM0 20h7v1h-7zM9 20h2v1h-2zM12 20h3v1h-3zM19 20h1v1h-1z';

/** The round pull: a phone as it should be held, or, while something moves before the camera, its picture as in a mirror. */
export function Pull({ scene }: { readonly scene: Scene }): ReactElement {
  const { eye, snap } = scene;
  const live = snap.camera.moving && !snap.camera.off;
  return (
    <div className={snap.reading ? 'aim reading' : 'aim'} aria-hidden="true">
      <svg viewBox="0 0 400 400" aria-hidden="true">
        <defs>
          <clipPath id="pull">
            <circle cx="200" cy="200" r="180" />
          </clipPath>
        </defs>
        <circle cx="200" cy="200" r="186" className="hollow" />
        {live ? null : <DrawnPhone />}
      </svg>
      {live ? <Mirror show={eye.show} /> : null}
      <svg viewBox="0 0 400 400" className="rim" aria-hidden="true">
        <circle cx="200" cy="200" r="186" />
        <path
          className="corners"
          d={
            live
              ? 'M92 132v-40h40M268 92h40v40M308 268v40h-40M132 308h-40v-40'
              : 'M131 162v-27h27M242 135h27v27M269 246v27h-27M158 273h-27v-27'
          }
        />
      </svg>
    </div>
  );
}

function Mirror({ show }: { readonly show: (video: HTMLVideoElement) => () => void }): ReactElement {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => (video.current === null ? undefined : show(video.current)), [show]);
  return <video ref={video} muted playsInline />;
}

function DrawnPhone(): ReactElement {
  return (
    <g clipPath="url(#pull)">
      <rect x="112" y="86" width="176" height="360" rx="30" className="phone" />
      <rect x="122" y="97" width="156" height="340" rx="20" className="glass" />
      <rect x="142" y="112" width="74" height="10" rx="5" className="print" />
      <path transform="translate(142 146) scale(5.524)" shapeRendering="crispEdges" className="code" d={DRAWN_CODE} />
      <rect x="142" y="296" width="116" height="11" rx="5" className="print" />
      <rect x="142" y="318" width="80" height="11" rx="5" className="print" />
    </g>
  );
}
