import type { Decoder } from './decoder.ts';
import { MovementDetector } from './movement.ts';
import { isDue, markActive, markDecoded, type Pace, startPace } from './pace.ts';
import { PixelReader } from './pixels.ts';

/** What one frame showed. */
export interface Observation {
  /** The page's time of the frame, as `requestVideoFrameCallback` gave it. */
  readonly atMs: number;
  readonly moving: boolean;
  /** Too little light to read a printed code by. */
  readonly dark: boolean;
  /** Whether the frame was decoded at all; at rest most aren't. */
  readonly decoded: boolean;
  /** The code's text as the symbol holds it: not yet bounded, not yet printable. */
  readonly text: string | null;
}

/** Mean brightness, 0–255, under which the picture counts as dark; it ends at a third more. */
const DARK_BELOW = 24;
const LIGHT_FROM = 32;

/** The work on a frame, wherever it is done. One frame at a time. */
export class FrameReader {
  readonly #decoder: Decoder;
  readonly #pixels = new PixelReader();
  readonly #movement = new MovementDetector();
  #pace: Pace | null = null;
  #dark = false;

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** Closes `frame` in any case. Rejects when the frame can't be read or the engine is broken. */
  async read(frame: VideoFrame, atMs: number): Promise<Observation> {
    try {
      const picture = await this.#pixels.read(frame);
      const { moving, meanLuma } = this.#movement.look(picture.luma, atMs);
      this.#dark = meanLuma < (this.#dark ? LIGHT_FROM : DARK_BELOW);
      let pace = this.#pace ?? startPace(atMs);
      if (moving) pace = markActive(pace, atMs);
      const decoded = isDue(pace, atMs);
      const text = decoded ? await this.#decoder.decode(picture.toFrame()) : null;
      if (decoded) pace = markDecoded(pace, atMs);
      this.#pace = text === null ? pace : markActive(pace, atMs);
      return { atMs, moving, dark: this.#dark, decoded, text };
    } finally {
      frame.close();
    }
  }
}
