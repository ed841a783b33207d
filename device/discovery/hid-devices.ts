/** HID devices as hidraw shows them: scanners, keyboards, relay boards. */
import type { Tree } from './tree.ts';

export interface HidFound {
  /** `/dev/hidraw0`. */
  readonly path: string;
  /** Four hex digits each. */
  readonly vendor: string;
  readonly product: string;
  readonly serial: string | null;
  readonly name: string;
  readonly kind: 'scanner' | 'keyboard' | 'relay-board' | 'other';
}

export function listHid(tree: Tree): readonly HidFound[] {
  return tree.list('/sys/class/hidraw').flatMap((name): HidFound[] => {
    const folder = `/sys/class/hidraw/${name}/device`;
    const values = new Map(
      (tree.text(`${folder}/uevent`) ?? '').split('\n').map((line): [string, string] => {
        const at = line.indexOf('=');
        return [line.slice(0, at), line.slice(at + 1).trim()];
      }),
    );
    // 0003:000016C0:000005DF: bus, vendor, product.
    const [, vendor = '', product = ''] = (values.get('HID_ID') ?? '').toLowerCase().split(':');
    if (vendor === '') return [];
    const ids = { vendor: vendor.slice(-4), product: product.slice(-4) };
    const serial = values.get('HID_UNIQ') ?? '';
    const isBoard = ids.vendor === '16c0' && ids.product === '05df';
    const kind = isBoard ? 'relay-board' : kindOf(tree.bytes(`${folder}/report_descriptor`) ?? Buffer.alloc(0));
    const title = values.get('HID_NAME') ?? '';
    return [{ path: `/dev/${name}`, ...ids, serial: serial === '' ? null : serial, name: title, kind }];
  });
}

const USAGE_PAGE = 0x04;
const USAGE = 0x08;
const SCANNER_PAGE = 0x8c;
const DESKTOP_PAGE = 0x01;
const KEYBOARD = 0x06;
const LONG_ITEM = 0xfe;

/** From the report descriptor (USB HID 1.11, 6.2.2): which usage pages and usages it names. */
function kindOf(descriptor: Buffer): HidFound['kind'] {
  let page = 0;
  let isKeyboard = false;
  for (let at = 0; at < descriptor.length; ) {
    const head = descriptor[at] ?? 0;
    const size = head === LONG_ITEM ? 2 + (descriptor[at + 1] ?? 0) : ([0, 1, 2, 4][head & 3] ?? 0);
    const value = descriptor[at + 1] ?? 0;
    if ((head & 0xfc) === USAGE_PAGE) page = value;
    if (page === SCANNER_PAGE) return 'scanner';
    if ((head & 0xfc) === USAGE && page === DESKTOP_PAGE && value === KEYBOARD) isKeyboard = true;
    at += 1 + size;
  }
  return isKeyboard ? 'keyboard' : 'other';
}

/** The input devices (`/dev/input/event3`) of USB keyboards and of scanners that pretend to be some. */
export function listKeyboards(tree: Tree): readonly HidFound[] {
  return tree.list('/sys/class/input').flatMap((node): HidFound[] => {
    const text = (file: string) => tree.text(`/sys/class/input/${node}/device/${file}`);
    const [vendor, product] = [text('id/vendor'), text('id/product')];
    // Keys beyond the first 64: a mouse and a power button have none of them.
    const keys = (text('capabilities/key') ?? '').split(' ').length;
    if (!node.startsWith('event') || vendor === null || product === null || keys < 2) return [];
    const name = text('name') ?? 'keyboard';
    return [{ path: `/dev/input/${node}`, vendor, product, serial: text('uniq'), name, kind: 'keyboard' }];
  });
}
