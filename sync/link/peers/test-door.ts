/**
 * For `peers.e2e.test.ts`: a door of its own in a network namespace, with a real store, real TLS and real mDNS. Orders
 * come as JSON lines on stdin; what is there is told on stdout.
 */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { SystemClock } from '../../../device/clock/system.ts';
import { digestOfSite } from '../../../main/store/digest.ts';
import { withEffects } from '../../../main/store/effects.ts';
import { KEY_BYTES, Keys } from '../../../main/store/keys.ts';
import { Store } from '../../../main/store/store.ts';
import { GYM, must } from '../../../main/store/testing.ts';
import { Roster } from '../../wire/entities.ts';
import { MdnsFinder } from './mdns-finder.ts';
import { Peers } from './peers.ts';
import { TlsNetwork } from './tls-network.ts';

const Order = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('begin'), roster: Roster }),
  z.strictObject({ do: z.literal('count'), memberId: z.string(), day: z.int() }),
  z.strictObject({ do: z.literal('tell') }),
]);

const [, , host = '127.0.0.1'] = process.argv;
const clock = new SystemClock();
const opened = Store.open(':memory:', new Keys(randomBytes(KEY_BYTES)));
if (!opened.ok) throw new Error(opened.error.detail);
const store = opened.value;
must(store.transact((writer) => writer.importSite(GYM, 0)));
const replica = store.replica(() => clock.mono());
const peers = new Peers({
  ...{ clock, replica },
  network: new TlsNetwork(host, 8_379),
  finder: new MdnsFinder(host, (line) => process.stderr.write(`${line}\n`)),
  tell: (line) => process.stderr.write(`${line}\n`),
  hearing: () => tell(),
  changed: () => tell(),
});

function tell(): void {
  const usage = store.exportSite()?.usage.length ?? 0;
  say({ usage, heard: peers.heard.size, digest: digestOfSite(store.exportSite()) });
}

function say(told: object): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

/** An entry that a band counts, as a scan would record it. */
function count(memberId: string, day: number): void {
  const consumed = { kind: 'band', contractId: `c-${memberId}`, bandId: 'day', day } as const;
  const changes = { consumed, reused: null, inside: null, businessDay: day, enter: null, leave: [] };
  const written = store.transact((writer) => {
    const detail = withEffects({}, writer.history.effects(memberId, changes));
    const about = { readerId: 'r', doorId: 'front', of: null, direction: 'in', result: null, clock: 'synced' } as const;
    const seq = writer.record.append({ ...about, at: clock.wall(), type: 'scan', detail });
    writer.history.apply(seq, clock.wall(), memberId, changes);
  });
  must(written);
  peers.recorded();
}

say({ unit: replica.unit().unit, key: replica.publicKey() });
createInterface({ input: process.stdin }).on('line', (line) => {
  const order = Order.parse(JSON.parse(line));
  if (order.do === 'begin') {
    const applied = replica.applyDelta(1, [{ kind: 'roster', id: 'r', position: 0, body: order.roster }], 0);
    if (!applied.ok) throw new Error(applied.error.join('\n'));
    void peers.start();
  } else if (order.do === 'count') count(order.memberId, order.day);
  else tell();
});
process.stdin.on('end', () => void peers.close());
