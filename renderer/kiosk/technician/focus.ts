/** How sharp and how bright a picture is, from its grey values. Pure. */
export interface Look {
  /** 0 (even) to 100. Over 30 a code's edges are sharp. */
  readonly sharpness: number;
  /** Mean brightness, 0 to 100. */
  readonly light: number;
}

/** Sharpness is the Laplacian's standard deviation. @param pixels RGBA of `width` × `height` */
export function lookOf(pixels: Uint8ClampedArray, width: number, height: number): Look {
  const grey = new Float32Array(width * height);
  let sum = 0;
  for (let at = 0; at < grey.length; at += 1) {
    const value = 0.299 * (pixels[4 * at] ?? 0) + 0.587 * (pixels[4 * at + 1] ?? 0) + 0.114 * (pixels[4 * at + 2] ?? 0);
    grey[at] = value;
    sum += value;
  }
  let [squares, edges, count] = [0, 0, 0];
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const around = (grey[at - 1] ?? 0) + (grey[at + 1] ?? 0) + (grey[at - width] ?? 0) + (grey[at + width] ?? 0);
      const edge = around - 4 * (grey[at] ?? 0);
      squares += edge * edge;
      edges += edge;
      count += 1;
    }
  }
  const variance = count === 0 ? 0 : squares / count - (edges / count) ** 2;
  const mean = grey.length === 0 ? 0 : sum / grey.length;
  return { sharpness: Math.round(Math.min(100, Math.sqrt(variance))), light: Math.round((mean / 255) * 100) };
}

/** Of the last frames that were decoded at all. */
export interface Rate {
  readonly decoded: number;
  readonly read: number;
  /** Times of the last frames, ms. */
  readonly frames: readonly number[];
  readonly results: readonly boolean[];
}

export const NO_RATE: Rate = { decoded: 0, read: 0, frames: [], results: [] };
const MOST_FRAMES = 100;
const SECOND_MS = 1_000;

export function addFrame(
  rate: Rate,
  frame: { readonly atMs: number; readonly decoded: boolean; readonly read: boolean },
): Rate {
  const results = frame.decoded ? [...rate.results, frame.read].slice(-MOST_FRAMES) : rate.results;
  const frames = [...rate.frames.filter((atMs) => frame.atMs - atMs < SECOND_MS), frame.atMs].slice(-MOST_FRAMES);
  return { decoded: results.length, read: results.filter(Boolean).length, frames, results };
}

/** Percent; null while too little was decoded to say. */
export function percentRead({ decoded, read }: Rate): number | null {
  return decoded < 10 ? null : Math.round((100 * read) / decoded);
}
