/** What is asked of the HID devices of this machine, as types only. Every promise may reject with the system's words. */

export interface HidInfo {
  /** `/dev/hidraw0`. The number may be another after a replug. */
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  /** Of the USB device; empty where it has none. */
  readonly serial: string;
  readonly product: string;
  /** Of the first collection: 0x8c for a bar code scanner. */
  readonly usagePage: number;
}

export interface HidSink {
  report(bytes: Uint8Array): void;
  /** Called once: the device is gone, or can't be read any more. */
  gone(detail: string): void;
}

export interface HidDevice {
  /** Reads from now on. A device that nobody reads never notices that it is gone. */
  listen(sink: HidSink): void;
  /** The first byte is the report's number, 0 where the device numbers none. */
  sendFeature(bytes: Uint8Array): Promise<void>;
  getFeature(reportId: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface HidBus {
  devices(): Promise<readonly HidInfo[]>;
  open(path: string): Promise<HidDevice>;
}
