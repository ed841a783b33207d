import type { ReaderConfig } from '../../main/contract/config.ts';
import type { Clock } from '../../main/core/clock.ts';
import { SerialLine } from '../lines/serial-line.ts';
import type { ReaderPort } from '../ports.ts';
import { SimReader } from '../sim/reader.ts';
import { hidReader } from './hid/reader.ts';
import { keyboardReader } from './keyboard/reader.ts';
import { SerialReader } from './serial/reader.ts';

/** The port of a configured reader, not yet open; null for a camera or key-wedge, whose codes come through the page. */
export function makeReader(config: ReaderConfig, clock: Clock): ReaderPort | null {
  switch (config.driver) {
    case 'sim':
      return new SimReader(clock);
    case 'camera':
    case 'wedge':
      return null;
    case 'serial': {
      const line = new SerialLine({ path: config.path, baudRate: config.baudRate }, clock);
      return new SerialReader(line, { name: config.path, endSilenceMs: config.endSilenceMs }, clock);
    }
    case 'hid':
      return hidReader(config, clock);
    case 'hid-keyboard':
      return keyboardReader(config, clock);
    default:
      return config satisfies never;
  }
}
