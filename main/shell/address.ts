/** The controller's address: the one origin that the window may show or talk to. */
import { err, ok, type Result } from '../core/result.ts';

export interface Address {
  /** `http://127.0.0.1:8377` */
  readonly origin: string;
  /** `http://127.0.0.1:8377/` */
  readonly url: string;
}

const LONGEST_ADDRESS = 100;
const LOOPBACK = ['127.0.0.1', '[::1]'];

/** Errors are one line that says what to do. The text itself isn't repeated: it may be anything. */
export function parseAddress(text: string): Result<Address, string> {
  const url = text.length > LONGEST_ADDRESS ? null : URL.parse(text);
  const plain = url !== null && url.href === `${url.origin}/`;
  if (!plain || url.protocol !== 'http:' || !LOOPBACK.includes(url.hostname)) {
    return err('--controller must be a plain loopback address, such as --controller=http://127.0.0.1:8377/');
  }
  return ok({ origin: url.origin, url: url.href });
}

/** Whether `url` is of the controller's origin; `ws:` counts as `http:`. */
export function isOwn(address: Address, url: string): boolean {
  return URL.parse(url)?.origin.replace(/^ws:/, 'http:') === address.origin;
}
