import type { Locator } from 'playwright-core';
import * as z from 'zod';
import type { Decoder } from '../../../renderer/kiosk/camera/decoder.ts';

const Pixels = z.object({ width: z.int(), height: z.int(), rgba: z.base64() });

/** As a phone's camera reads what is on the screen: what the code says, or nothing where `eye` can't read it. */
export async function photograph(symbol: Locator, eye: Decoder): Promise<string> {
  const shot = await symbol.screenshot({ scale: 'css' });
  const pixels = await symbol.page().evaluate(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${shot.toString('base64')}';
    await image.decode();
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0);
    return { width, height, rgba: new Uint8Array(context.getImageData(0, 0, width, height).data.buffer).toBase64() };
  })()`);
  const { width, height, rgba } = Pixels.parse(pixels);
  return (await eye.decode({ width, height, data: new Uint8ClampedArray(Buffer.from(rgba, 'base64')) })) ?? '';
}
