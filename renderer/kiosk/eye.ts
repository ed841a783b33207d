/** The page's camera, if this door has one. */
import type { Clock } from '../parts/clock.ts';
import {
  type CameraHandle,
  type CameraState,
  type CameraView,
  type Observation,
  startCamera,
} from './camera/camera.ts';
import type { Kiosk } from './kiosk.ts';

export interface Eye {
  /** Shows the picture in `video` until the returned function is called. */
  show(video: HTMLVideoElement): () => void;
  /** Tells of every frame that is looked at, until the returned function is called. */
  listen(heard: (frame: Observation) => void): () => void;
}

const STARTING: CameraState = { state: 'starting' };
const AT_REST: CameraView = { moving: false, dark: false };

/** Switches the camera on when the door has a camera reader, and off when it has none any more. */
export function openEye(kiosk: Kiosk, clock: Clock): Eye {
  // `startCamera` speaks before it returns, so what is wanted is kept apart from what is there.
  let wanted = false;
  let handle: CameraHandle | null = null;
  const listeners = new Set<(frame: Observation) => void>();
  let state: CameraState = STARTING;
  let view: CameraView = AT_REST;
  const tell = (): void => kiosk.setCamera({ off: state.state === 'off', moving: view.moving, dark: view.dark });
  const start = (): CameraHandle =>
    startCamera({
      clock,
      onText: (text) => kiosk.readers.seeText(text),
      onState: (next) => {
        state = next;
        tell();
      },
      onView: (next) => {
        view = next;
        tell();
      },
      onFrame: (frame) => {
        for (const heard of listeners) heard(frame);
      },
    });
  const follow = (): void => {
    const { status, door } = kiosk.snapshot();
    const wants = status === null ? wanted : door !== null && door.camera !== null;
    if (wants === wanted) return;
    wanted = wants;
    handle?.stop();
    // It says nothing after that, not even that nothing moves any more.
    [state, view] = [STARTING, AT_REST];
    tell();
    handle = wants ? start() : null;
  };
  kiosk.subscribe(follow);
  follow();
  return {
    show: (video) => handle?.attach(video) ?? (() => undefined),
    listen: (heard) => {
      listeners.add(heard);
      return () => {
        listeners.delete(heard);
      };
    },
  };
}
