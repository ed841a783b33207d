/**
 * The frame of LCUS relay boards (LC Technology LCUS-1, -2, -4, -8 and their copies): `A0 channel state sum`, the sum
 * being the low byte of the other three added up. Channel 1 on: A0 01 01 A2, off: A0 01 00 A1. 9600 8N1. No answer.
 */
const START = 0xa0;
const LENGTH = 4;

export interface LcusFrame {
  /** 1 to 255; boards have up to 8. */
  readonly channel: number;
  readonly energised: boolean;
}

export function writeFrame({ channel, energised }: LcusFrame): Uint8Array {
  const state = energised ? 1 : 0;
  return Uint8Array.of(START, channel, state, (START + channel + state) & 0xff);
}

/** Reads frames as a board does: out of any chunks, past any garbage. What tests and benches see a board by. */
export class LcusFrameParser {
  #window: number[] = [];

  feed(bytes: Uint8Array): LcusFrame[] {
    const frames: LcusFrame[] = [];
    for (const byte of bytes) {
      this.#window.push(byte);
      if (this.#window.length > LENGTH) this.#window.shift();
      const frame = readFrame(this.#window);
      if (frame === null) continue;
      frames.push(frame);
      this.#window = [];
    }
    return frames;
  }
}

function readFrame(bytes: readonly number[]): LcusFrame | null {
  const [start, channel, state, sum] = bytes;
  if (start !== START || channel === undefined || state === undefined || sum === undefined) return null;
  if (channel === 0 || state > 1 || sum !== ((START + channel + state) & 0xff)) return null;
  return { channel, energised: state === 1 };
}
