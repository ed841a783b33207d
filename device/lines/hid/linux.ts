/** HID devices through node-hid's hidraw driver. Imported lazily. */
import { devicesAsync, HIDAsync } from 'node-hid';
import type { HidBus, HidDevice, HidInfo } from './bus.ts';

export const linuxHid: HidBus = { devices, open };

async function devices(): Promise<readonly HidInfo[]> {
  const found = await devicesAsync();
  return found.flatMap((device) =>
    device.path === undefined
      ? []
      : [
          {
            path: device.path,
            vendorId: device.vendorId,
            productId: device.productId,
            serial: device.serialNumber ?? '',
            product: device.product ?? '',
            usagePage: device.usagePage ?? 0,
          },
        ],
  );
}

async function open(path: string): Promise<HidDevice> {
  const device = await HIDAsync.open(path);
  let open = true;
  // It begins and ends to read at the tick after a listener comes or goes; closed meanwhile, it throws where nobody
  // can catch it.
  const { resume, pause } = device;
  device.resume = () => {
    if (open) resume.call(device);
  };
  device.pause = () => {
    if (open) pause.call(device);
  };
  // An error nobody listens to would end the process.
  device.on('error', () => undefined);
  return {
    listen: (sink) => {
      let gone = false;
      device.on('error', (error: unknown) => {
        if (gone) return;
        gone = true;
        sink.gone(wordsOf(error));
      });
      device.on('data', (bytes: Buffer) => sink.report(bytes));
    },
    sendFeature: async (bytes) => {
      await device.sendFeatureReport(Buffer.from(bytes));
    },
    getFeature: (reportId, length) => device.getFeatureReport(reportId, length),
    close: () => {
      open = false;
      return device.close();
    },
  };
}

/** An unplug comes as a plain string from one class of node-hid and as an Error from the other. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
