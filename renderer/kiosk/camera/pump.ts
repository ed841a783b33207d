import type { Observation } from './frame-reader.ts';
import type { FrameHost } from './host.ts';

export interface PumpOptions {
  /** Plays the camera's stream; needs no place in the document. */
  readonly video: HTMLVideoElement;
  readonly host: FrameHost;
  readonly onObservation: (observation: Observation) => void;
  /** The host is broken. The pump has stopped. */
  readonly onFailure: () => void;
}

export interface Pump {
  /** How many frames the camera has shown and how many were answered: a watch sees by them who is stuck. */
  counts(): { readonly shown: number; readonly answered: number };
  stop(): void;
}

/**
 * Sends frames to the host, the newest only: while one is being read, later ones aren't kept, and the answer is
 * followed by what the camera shows then.
 */
export function startPump({ video, host, onObservation, onFailure }: PumpOptions): Pump {
  let stopped = false;
  let busy = false;
  let newerAtMs: number | null = null;
  let shown = 0;
  let answered = 0;

  const take = (): VideoFrame | null => {
    try {
      return new VideoFrame(video);
    } catch {
      // Between two streams the element has no picture.
      return null;
    }
  };
  const send = (atMs: number): void => {
    const frame = take();
    if (frame === null) return;
    busy = true;
    host.observe(frame, atMs).then(onAnswer, onBroken);
  };
  const onAnswer = (observation: Observation): void => {
    if (stopped) return;
    busy = false;
    answered++;
    onObservation(observation);
    const atMs = newerAtMs;
    newerAtMs = null;
    if (atMs !== null && !stopped) send(atMs);
  };
  const onBroken = (): void => {
    if (stopped) return;
    stop();
    onFailure();
  };
  const onFrame = (atMs: number): void => {
    callback = video.requestVideoFrameCallback(onFrame);
    shown++;
    if (busy) newerAtMs = atMs;
    else send(atMs);
  };
  const stop = (): void => {
    stopped = true;
    video.cancelVideoFrameCallback(callback);
  };
  let callback = video.requestVideoFrameCallback(onFrame);
  return { counts: () => ({ shown, answered }), stop };
}
