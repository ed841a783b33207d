/** What host and guest say to each other: JSON, one object a line, over a virtio port. */
import * as z from 'zod';

/** What the guest can't do to its own machine. */
export const Wish = z.discriminatedUnion('do', [
  /** Pulls the USB serial adapter out, or puts it (back) in. */
  z.object({ do: z.literal('usb-serial'), there: z.boolean() }),
  /** The device at the adapter's other end sends bytes, in hex. */
  z.object({ do: z.literal('send'), hex: z.string() }),
  /** What that device has received since the last `received`, in hex. */
  z.object({ do: z.literal('received') }),
]);
export type Wish = z.infer<typeof Wish>;

export const FromGuest = z.discriminatedUnion('say', [
  /** First: what will be checked, in this order. */
  z.object({ say: z.literal('plan'), names: z.array(z.string()) }),
  z.object({ say: z.literal('result'), name: z.string(), ok: z.boolean(), ms: z.number(), detail: z.string() }),
  /** The check is passed when the machine is reset within this time, with `sign` among the console's last words. */
  z.object({ say: z.literal('reset-due'), name: z.string(), withinMs: z.number(), sign: z.string() }),
  /** All is said; the machine can be switched off. */
  z.object({ say: z.literal('end') }),
  z.object({ say: z.literal('wish'), id: z.int(), wish: Wish }),
]);
export type FromGuest = z.infer<typeof FromGuest>;

export const ToGuest = z.object({ id: z.int(), answer: z.string() });
export type ToGuest = z.infer<typeof ToGuest>;

/** Cuts text into lines. */
export class Lines {
  #rest = '';

  feed(text: string): string[] {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.filter((line) => line !== '');
  }
}
