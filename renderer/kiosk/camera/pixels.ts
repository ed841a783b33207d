import type { Frame } from './decoder.ts';
import type { Luma } from './movement.ts';

/** A picture whose brightness can be looked at cheaply, and that becomes RGBA only when it is decoded. */
export interface Picture {
  readonly luma: Luma;
  toFrame(): Frame;
}

/** Formats with whole bytes of brightness in their first plane. Cameras give I420 or NV12. */
const PLANAR = new Set(['I420', 'I420A', 'I422', 'I444', 'NV12']);
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** No camera is asked for more than this; one that gives more is looked at in every second pixel, or third. */
const LONGEST_SIDE = 1_920;

/** Takes the pixels out of video frames, in buffers that it uses again: a picture is good until the next one. */
export class PixelReader {
  #planes = new Uint8Array(0);
  #rgba = new Uint32Array(0);
  #canvas: OffscreenCanvasRenderingContext2D | null = null;

  /** Doesn't close `frame`. Rejects when the frame can't be read, which is a fault of the camera or the browser. */
  async read(frame: VideoFrame): Promise<Picture> {
    return frame.format !== null && PLANAR.has(frame.format) ? await this.#readPlanes(frame) : this.#readCanvas(frame);
  }

  // Copying the planes takes 0.1 ms for 640×480, drawing on a canvas and reading it back 6 ms (no GPU).
  async #readPlanes(frame: VideoFrame): Promise<Picture> {
    const size = frame.allocationSize();
    if (this.#planes.length !== size) this.#planes = new Uint8Array(size);
    const [plane] = await frame.copyTo(this.#planes);
    if (plane === undefined) throw new Error('a video frame has no planes');
    const { width, height } = visibleSize(frame);
    const every = Math.ceil(Math.max(width, height) / LONGEST_SIDE);
    const luma: Luma = {
      data: this.#planes,
      offset: plane.offset,
      stride: plane.stride * every,
      step: every,
      width: Math.floor(width / every),
      height: Math.floor(height / every),
    };
    return { luma, toFrame: () => this.#expand(luma) };
  }

  /** Whatever else a driver or a GPU hands out. */
  #readCanvas(frame: VideoFrame): Picture {
    const visible = visibleSize(frame);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(visible.width, visible.height));
    const width = Math.max(1, Math.floor(visible.width * scale));
    const height = Math.max(1, Math.floor(visible.height * scale));
    const canvas = this.#canvasOf(width, height);
    canvas.drawImage(frame, 0, 0, width, height);
    const { data } = canvas.getImageData(0, 0, width, height);
    // Green stands for brightness: it is most of it, and what moves is seen in it as well.
    const luma: Luma = { data, offset: 1, stride: width * 4, step: 4, width, height };
    return { luma, toFrame: () => ({ data: new Uint8ClampedArray(data), width, height }) };
  }

  #canvasOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
    if (this.#canvas?.canvas.width !== width || this.#canvas.canvas.height !== height) {
      this.#canvas = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    }
    if (this.#canvas === null) throw new Error('no canvas to read a video frame with');
    return this.#canvas;
  }

  #expand({ data, offset, stride, step, width, height }: Luma): Frame {
    const count = width * height;
    if (this.#rgba.length !== count) this.#rgba = new Uint32Array(count);
    const pixels = this.#rgba;
    const alpha = LITTLE_ENDIAN ? 0xff_00_00_00 : 0x00_00_00_ff;
    const grey = LITTLE_ENDIAN ? 0x01_01_01 : 0x01_01_01_00;
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0, from = offset + y * stride; x < width; x++, from += step) {
        pixels[to++] = (data[from] ?? 0) * grey + alpha;
      }
    }
    return { data: new Uint8ClampedArray(pixels.buffer), width, height };
  }
}

function visibleSize(frame: VideoFrame): { readonly width: number; readonly height: number } {
  return frame.visibleRect ?? { width: frame.codedWidth, height: frame.codedHeight };
}
