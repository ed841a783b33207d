/** Brightness of a picture, one byte a pixel at `offset + y * stride + x * step`. */
export interface Luma {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly offset: number;
  readonly stride: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

export interface Movement {
  readonly moving: boolean;
  /** 0 black … 255 white, over the whole picture. */
  readonly meanLuma: number;
}

const COLUMNS = 32;
const ROWS = 24;
const CELLS = COLUMNS * ROWS;
/** Pixels looked at in a cell, along each side: 16 of them bring the noise of the sensor down to a quarter. */
const SAMPLES = 4;
/** A cell has changed when it differs by this much from what it was, and by this many times the picture's median. */
const LEAST_CHANGE = 10;
const TIMES_MEDIAN = 7;
/** One cell is a fly or a reflex. A phone at the picture's edge is at least this many. */
const LEAST_CELLS = 4;
/** How quickly a change becomes the background: it has faded to a third in this time. */
const ADAPTATION_MS = 250;

/**
 * Tells whether something moves before the camera, from 12,288 pixels a frame. Changes of the whole picture (the
 * exposure adapting, a lamp) raise the median with them and don't count; noise in the dark raises it too.
 */
export class MovementDetector {
  readonly #background = new Float32Array(CELLS);
  readonly #cells = new Float32Array(CELLS);
  readonly #histogram = new Uint16Array(256);
  #lookedAtMs: number | null = null;

  /** `atMs` is the time of the picture, on any clock that doesn't go back. The first picture is still. */
  look(luma: Luma, atMs: number): Movement {
    const meanLuma = averageCells(luma, this.#cells);
    if (this.#lookedAtMs === null) this.#background.set(this.#cells);
    const share = 1 - Math.exp(((this.#lookedAtMs ?? atMs) - atMs) / ADAPTATION_MS);
    this.#lookedAtMs = atMs;
    const threshold = Math.max(LEAST_CHANGE, TIMES_MEDIAN * this.#medianChange());
    let changed = 0;
    for (let i = 0; i < CELLS; i++) {
      const difference = (this.#cells[i] ?? 0) - (this.#background[i] ?? 0);
      if (Math.abs(difference) > threshold) changed++;
      this.#background[i] = (this.#background[i] ?? 0) + difference * share;
    }
    return { moving: changed >= LEAST_CELLS, meanLuma };
  }

  #medianChange(): number {
    this.#histogram.fill(0);
    for (let i = 0; i < CELLS; i++) {
      const change = Math.round(Math.abs((this.#cells[i] ?? 0) - (this.#background[i] ?? 0)));
      this.#histogram[change] = (this.#histogram[change] ?? 0) + 1;
    }
    let seen = 0;
    let change = 0;
    while (seen <= CELLS / 2 && change < 255) seen += this.#histogram[change++] ?? 0;
    return change - 1;
  }
}

/** Fills `cells` with the mean of each cell's samples, and returns the mean of all. */
function averageCells(luma: Luma, cells: Float32Array): number {
  const stepX = luma.width / (COLUMNS * SAMPLES);
  const stepY = luma.height / (ROWS * SAMPLES);
  let total = 0;
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const mean = averageCell(luma, column * SAMPLES * stepX, row * SAMPLES * stepY, stepX, stepY);
      cells[row * COLUMNS + column] = mean;
      total += mean;
    }
  }
  return total / CELLS;
}

function averageCell(luma: Luma, left: number, top: number, stepX: number, stepY: number): number {
  let sum = 0;
  for (let j = 0; j < SAMPLES; j++) {
    const line = luma.offset + Math.floor(top + j * stepY) * luma.stride;
    for (let i = 0; i < SAMPLES; i++) sum += luma.data[line + Math.floor(left + i * stepX) * luma.step] ?? 0;
  }
  return sum / (SAMPLES * SAMPLES);
}
