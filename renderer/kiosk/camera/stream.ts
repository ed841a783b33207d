import { err, ok, type Result } from '../../../main/core/result.ts';

/**
 * Why there is no picture. `denied`: the permission is refused; `absent`: no camera is plugged in; `gone`: it was there
 * and went, or shows no frames any more; `failed`: the camera or the decoder is there and doesn't work.
 */
export type OffCode = 'denied' | 'absent' | 'gone' | 'failed';

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Opens the camera, without sound. Other sizes than the one asked for are taken too. */
export async function openStream(size: FrameSize): Promise<Result<MediaStream, OffCode>> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { width: { ideal: size.width }, height: { ideal: size.height }, frameRate: { ideal: 30 } },
    });
    return ok(stream);
  } catch (error) {
    return err(offCode(error));
  }
}

export function closeStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

export function offCode(error: unknown): OffCode {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'absent';
    default:
      return 'failed';
  }
}
