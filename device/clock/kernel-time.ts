/** What the kernel knows of time beside the wall clock: enough to tell whether that can be believed. */
import { uptime } from 'node:os';
import koffi from 'koffi';

export interface KernelTime {
  /** CLOCK_BOOTTIME in ms: counts on through sleep, and never jumps. Exact to 10 ms. */
  bootMs(): number;
  /** NTP keeps the wall clock right, and has done so lately. False also where the kernel doesn't say. */
  ntp(): boolean;
}

/** The kernel's own bound: beyond it the clock counts as not synchronised. */
const MAX_ERROR_US = 16_000_000n;
/** `struct timex` takes 208 bytes on 64-bit Linux; `maxerror` is its fourth field. */
const TIMEX_BYTES = 256;
const MAX_ERROR_AT = 24;

export class SystemKernelTime implements KernelTime {
  readonly #adjtimex = adjtimex();

  bootMs(): number {
    return uptime() * 1_000;
  }

  /**
   * The largest possible error grows until NTP bounds it again, and setting the clock by hand makes it the largest: so
   * a jump while this is true was NTP's own. (STA_UNSYNC says less: it may be set to keep the kernel off the RTC.)
   */
  ntp(): boolean {
    const timex = Buffer.alloc(TIMEX_BYTES);
    return this.#adjtimex(timex) >= 0 && timex.readBigInt64LE(MAX_ERROR_AT) < MAX_ERROR_US;
  }
}

function adjtimex(): (timex: Buffer) => number {
  try {
    const call = koffi.load('libc.so.6').func('int adjtimex(_Inout_ uint8_t *timex)');
    return (timex) => Number(call(timex));
  } catch {
    // Another system than Linux with glibc: nobody vouches.
    return () => -1;
  }
}
