/** The page's camera, if this door has one. */
import type { Clock } from '../parts/clock.ts';
import { type CameraHandle, type CameraState, type CameraView, startCamera } from './camera/camera.ts';
import type { Kiosk } from './kiosk.ts';

export interface Eye {
  /** Shows the picture in `video` until the returned function is called. */
  show(video: HTMLVideoElement): () => void;
}

/** Switches the camera on when the door has a camera reader, and off when it has none any more. */
export function openEye(kiosk: Kiosk, clock: Clock): Eye {
  // `startCamera` speaks before it returns, so what is wanted is kept apart from what is there.
  let wanted = false;
  let handle: CameraHandle | null = null;
  let state: CameraState = { state: 'starting' };
  let view: CameraView = { moving: false, dark: false };
  const tell = (): void => kiosk.setCamera({ off: state.state === 'off', moving: view.moving, dark: view.dark });
  const start = (): CameraHandle =>
    startCamera({
      clock,
      onText: (text) => kiosk.seeText(text),
      onState: (next) => {
        state = next;
        tell();
      },
      onView: (next) => {
        view = next;
        tell();
      },
    });
  const follow = (): void => {
    const { status, door } = kiosk.snapshot();
    const wants = status === null ? wanted : door !== null && door.camera !== null;
    if (wants === wanted) return;
    wanted = wants;
    handle?.stop();
    handle = wants ? start() : null;
  };
  kiosk.subscribe(follow);
  follow();
  return { show: (video) => handle?.attach(video) ?? (() => undefined) };
}
