/**
 * The kiosk's camera: opens it, reads QR codes from its newest frame, and comes back by itself when it was away.
 * No picture is kept or leaves the page.
 */
import type { Clock, Timer } from '../../parts/clock.ts';
import type { Engine } from './decoder.ts';
import type { Observation } from './frame-reader.ts';
import { type FrameHost, openHost } from './host.ts';
import { presentable } from './presentable.ts';
import { type Pump, startPump } from './pump.ts';
import { type Sighting, sight } from './sightings.ts';
import { closeStream, type FrameSize, type OffCode, openStream } from './stream.ts';

export type { Observation } from './frame-reader.ts';
export type { OffCode } from './stream.ts';

/**
 * `starting` until the first frame has been read or the camera has failed; `off` from then on until frames are read
 * again, however often it is tried meanwhile.
 */
export type CameraState =
  | { readonly state: 'starting' }
  | { readonly state: 'ready'; readonly engine: Engine; readonly place: FrameHost['place'] }
  | { readonly state: 'off'; readonly code: OffCode };

export interface CameraView {
  /** Something moves before the camera, or did within the last 1.5 s. */
  readonly moving: boolean;
  /** Too little light for a printed code. */
  readonly dark: boolean;
}

export interface CameraOptions {
  /**
   * A code is before the camera: at most 512 characters, printable, never empty, otherwise untrusted. Comes at once
   * when a code enters the view, then once a second while it stays.
   */
  readonly onText: (text: string) => void;
  /** At every change, the first time before `startCamera` returns. */
  readonly onState: (state: CameraState) => void;
  /** At every change; still and not dark whenever the camera isn't `ready`. */
  readonly onView?: (view: CameraView) => void;
  /** Every frame that was looked at. Its text is as the symbol holds it. */
  readonly onFrame?: (frame: Observation) => void;
  readonly clock: Clock;
  /** What to ask the camera for; 640×480 reads about 120 characters, 1280×720 helps with 300. */
  readonly size?: FrameSize;
}

export interface CameraHandle {
  /** The camera's picture; null while there is none. Another one after each time the camera was away. */
  readonly stream: MediaStream | null;
  /** Shows the picture in `video`, also after the camera was away, until the returned function is called. */
  attach(video: HTMLVideoElement): () => void;
  /** Switches the camera off for good. No callback comes any more. */
  stop(): void;
}

const DEFAULT_SIZE: FrameSize = { width: 640, height: 480 };
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A device that was plugged in needs a moment, and says so several times. */
const SETTLE_MS = 500;
/** Who stands before a camera stops moving for a moment. */
const STILL_AFTER_MS = 1_500;
/** Neither a camera nor a decoder is silent that long and well. */
const WATCH_MS = 5_000;

const AT_REST: CameraView = { moving: false, dark: false };

export function startCamera(options: CameraOptions): CameraHandle {
  const session = new CameraSession(options);
  session.start();
  return session;
}

class CameraSession implements CameraHandle {
  readonly #options: CameraOptions;
  /** Plays the stream for the pump; never in the document, so that nothing is painted for it. */
  readonly #video = document.createElement('video');
  readonly #shownIn = new Set<HTMLVideoElement>();
  #stream: MediaStream | null = null;
  #host: FrameHost | null = null;
  #pump: Pump | null = null;
  #state: CameraState = { state: 'starting' };
  #view: CameraView = AT_REST;
  #movedAtMs = Number.NEGATIVE_INFINITY;
  #recent: readonly Sighting[] = [];
  #pauseMs = FIRST_PAUSE_MS;
  #retry: Timer | null = null;
  #watch: Timer | null = null;
  #hastened = false;
  #stopped = false;

  constructor(options: CameraOptions) {
    this.#options = options;
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  start(): void {
    this.#options.onState(this.#state);
    navigator.mediaDevices.addEventListener('devicechange', this.#onDeviceChange);
    void this.#open();
  }

  attach(video: HTMLVideoElement): () => void {
    this.#shownIn.add(video);
    play(video, this.#stream);
    return () => {
      if (this.#shownIn.delete(video)) play(video, null);
    };
  }

  stop(): void {
    this.#stopped = true;
    navigator.mediaDevices.removeEventListener('devicechange', this.#onDeviceChange);
    this.#retry?.cancel();
    this.#release();
    this.#host?.close();
    this.#host = null;
  }

  async #open(): Promise<void> {
    this.#retry = null;
    const size = this.#options.size ?? DEFAULT_SIZE;
    const [opened, host] = await Promise.all([openStream(size), this.#openHost()]);
    this.#host = host;
    if (this.#stopped) {
      if (opened.ok) closeStream(opened.value);
      host?.close();
    } else if (!opened.ok) this.#fall(opened.error);
    else if (host === null) {
      closeStream(opened.value);
      this.#fall('failed');
    } else this.#run(opened.value, host);
  }

  async #openHost(): Promise<FrameHost | null> {
    try {
      return this.#host ?? (await openHost(this.#options.clock));
    } catch {
      return null;
    }
  }

  #run(stream: MediaStream, host: FrameHost): void {
    this.#stream = stream;
    for (const track of stream.getTracks()) track.addEventListener('ended', () => this.#onEnded(stream));
    for (const video of [this.#video, ...this.#shownIn]) play(video, stream);
    this.#pump = startPump({
      video: this.#video,
      host,
      onObservation: (observation) => this.#onObservation(observation, host),
      onFailure: () => this.#onHostFailure(),
    });
    this.#watchOver(this.#pump);
  }

  #onObservation(observation: Observation, host: FrameHost): void {
    const { atMs, moving, dark, text } = observation;
    this.#options.onFrame?.(observation);
    if (this.#state.state !== 'ready') {
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#enter({ state: 'ready', engine: host.engine, place: host.place });
    }
    if (moving) this.#movedAtMs = atMs;
    this.#show({ moving: atMs - this.#movedAtMs < STILL_AFTER_MS, dark });
    const shown = text === null ? '' : presentable(text);
    if (shown === '') return;
    const { report, recent } = sight(this.#recent, shown, atMs);
    this.#recent = recent;
    if (report) this.#options.onText(shown);
  }

  /** A camera can stop giving frames, and a decoder answering, without either of them ending. */
  #watchOver(pump: Pump): void {
    const before = pump.counts();
    this.#watch = this.#options.clock.after('camera watch', WATCH_MS, () => {
      const now = pump.counts();
      // A page that isn't shown gets no frames.
      if (now.answered !== before.answered || document.visibilityState !== 'visible') this.#watchOver(pump);
      else if (now.shown === before.shown) this.#fall('gone');
      else this.#onHostFailure();
    });
  }

  #onHostFailure(): void {
    this.#host?.close();
    this.#host = null;
    this.#fall('failed');
  }

  #onEnded(stream: MediaStream): void {
    if (this.#stream === stream) this.#fall('gone');
  }

  #fall(code: OffCode): void {
    this.#release();
    this.#enter({ state: 'off', code });
    if (this.#stopped) return;
    this.#hastened = false;
    this.#retryIn(this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #retryIn(delayMs: number): void {
    this.#retry = this.#options.clock.after('camera retry', delayMs, () => void this.#open());
  }

  readonly #onDeviceChange = (): void => {
    this.#pauseMs = FIRST_PAUSE_MS;
    if (this.#retry === null || this.#hastened) return;
    this.#hastened = true;
    this.#retry.cancel();
    this.#retryIn(SETTLE_MS);
  };

  #release(): void {
    this.#watch?.cancel();
    this.#pump?.stop();
    this.#pump = null;
    if (this.#stream !== null) closeStream(this.#stream);
    this.#stream = null;
    this.#recent = [];
    this.#movedAtMs = Number.NEGATIVE_INFINITY;
    this.#show(AT_REST);
    for (const video of [this.#video, ...this.#shownIn]) play(video, null);
  }

  #show(next: CameraView): void {
    if (next.moving === this.#view.moving && next.dark === this.#view.dark) return;
    this.#view = next;
    if (!this.#stopped) this.#options.onView?.(next);
  }

  #enter(next: CameraState): void {
    if (next.state === 'off' && this.#state.state === 'off' && next.code === this.#state.code) return;
    this.#state = next;
    this.#options.onState(next);
  }
}

function play(video: HTMLVideoElement, stream: MediaStream | null): void {
  video.muted = true;
  video.playsInline = true;
  if (video.srcObject === stream) return;
  video.srcObject = stream;
  // The attribute `autoplay` would do only for a video on the screen: elsewhere its frames come without a picture.
  // The promise is broken when the stream changes before the first frame, and never kept when no frame comes.
  if (stream !== null) video.play().catch(() => undefined);
}
