/**
 * Messages that a hub could send, changed a little, against a unit's link with a real store behind it. Whatever comes, the
 * unit takes it or hangs up, does nothing that wasn't signed as it stands, and goes on deciding by a site that is whole.
 */
import { Chance } from '../../build/soak/chance.ts';
import { heapNow } from '../../build/soak/heap.ts';
import { damaged, mutatedValue } from '../../build/soak/mutation.ts';
import type { FuzzReport } from '../../device/captures/harness.ts';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { parseSite } from '../../main/contract/site.ts';
import { ok } from '../../main/core/result.ts';
import { HOUR_MS } from '../../main/core/time/day.ts';
import { Store } from '../../main/store/store.ts';
import { ModelHub } from '../../main/store/test-hub.ts';
import { GYM, KEYS, must } from '../../main/store/testing.ts';
import type { FromHub } from '../wire/from-hub.ts';
import { parseFromHub } from '../wire/parse.ts';
import { Link } from './link.ts';
import { CODE, ReferenceHub } from './test-hub.ts';
import { ADDRESS, HandNetwork, NO_READER } from './testing.ts';

const NOON = Date.UTC(2026, 10, 18, 3);
/** So that a fair hub's limit of messages is not what ends every connection. */
const STEP_MS = 4;
const LOOK_AT_SITE = 100;
const MOST_FINDINGS = 20;

export async function fuzzFromHub(inputs: number, seed: number): Promise<FuzzReport> {
  const world = new World(seed);
  await world.begin();
  const heap = heapNow();
  const findings: string[] = [];
  let framed = 0;
  for (let at = 0; at < inputs; at += 1) {
    await world.live();
    const text = world.message();
    if (parseFromHub(text).ok) framed += 1;
    const wrong = await world.hears(text, at);
    if (wrong !== null && findings.length < MOST_FINDINGS)
      findings.push(`from the hub, seed ${seed}, input ${at}: ${wrong}`);
  }
  world.end();
  return { inputs, framed, findings, heapGrowthBytes: heapNow() - heap };
}

class World {
  readonly #chance: Chance;
  readonly #clock = new VirtualClock({ wallMs: NOON });
  readonly #hub = new ReferenceHub(this.#clock);
  readonly #rows = new ModelHub();
  readonly #store = must(Store.open(':memory:', KEYS));
  #network = new HandNetwork();
  #link: Link;
  #pieces = 0;
  #nonces = 0;
  #commands = 0;
  #orders = 0;

  constructor(seed: number) {
    this.#chance = new Chance(seed);
    this.#rows.importSite(GYM);
    must(this.#store.transact((writer) => writer.importSite(GYM, NOON)));
    this.#link = this.#newLink();
  }

  async begin(): Promise<void> {
    const pairing = this.#link.pair({ address: ADDRESS, code: CODE, name: 'Front' });
    await this.#flush();
    await pairing;
    await this.live();
  }

  end(): void {
    this.#link.stop();
    this.#store.close();
  }

  /** Whoever has hung up waits long before the next call: a start anew doesn't. */
  async live(): Promise<void> {
    if (this.#isLive()) return;
    this.#link.stop();
    this.#network = new HandNetwork();
    this.#link = this.#newLink();
    this.#link.start();
    for (let round = 0; !this.#isLive(); round += 1) {
      if (round > 100) throw new Error('the unit calls no more');
      await this.#flush();
    }
  }

  #isLive(): boolean {
    return this.#hub.sessions.at(-1)?.unit != null && this.#network.lines.at(-1)?.isOpen === true;
  }

  /** What the hub might say now, made worse; one in four is as it should be. */
  message(): string {
    const chance = this.#chance;
    const message = chance.pick(this.#messages())();
    if (chance.oneIn(4)) return JSON.stringify(message);
    const text = JSON.stringify(mutatedValue(message, chance));
    return chance.oneIn(5) ? Buffer.from(damaged(Buffer.from(text), chance)).toString('utf8') : text;
  }

  /** @returns what is wrong */
  async hears(text: string, at: number): Promise<string | null> {
    const { session } = this.#hub;
    if (this.#chance.oneIn(10)) {
      this.#orders += 1;
      session.command(`c${at}`, { do: 'lockdown', doorId: null, on: true, by: 'eve' });
    }
    session.sayText(text);
    await this.#flush();
    if (this.#commands > this.#orders) return 'a command was done that nobody gave';
    if (at % LOOK_AT_SITE !== 0) return null;
    const site = this.#store.exportSite();
    return site !== null && parseSite(site).ok ? null : 'its site is not whole any more';
  }

  #messages(): readonly (() => FromHub | object)[] {
    const chance = this.#chance;
    const proof = this.#hub.key.sign('something else');
    const revision = this.#hub.revision + chance.below(3);
    const { unit } = this.#hub.session;
    const some = () => Array.from({ length: 1 + chance.below(3) }, () => chance.pick(this.#rows.all()));
    const event = { unit, epoch: 1, seq: chance.below(4) };
    return [
      () => ({
        type: 'delta',
        from: revision,
        to: revision + chance.below(2),
        changes: some(),
        last: !chance.oneIn(4),
      }),
      () => ({ type: 'delta', from: this.#hub.revision, to: revision + 1, changes: some(), last: true }),
      () => ({ type: 'snapshot', revision, rows: 3, resumed: chance.oneIn(2) }),
      () => ({ type: 'rows', changes: some(), cursor: 'x' }),
      () => ({ type: 'snapshot-end', revision, knows: [event] }),
      () => ({ type: 'acknowledged', ...event, seq: 1 + chance.below(3) }),
      () => ({ type: 'taken', ids: ['h1'], revision }),
      () => {
        const command = '{"do":"open","doorId":"front","by":"eve"}';
        return { type: 'command', id: 'c', command, at: this.#clock.wall(), proof };
      },
      () => ({ type: 'revoked', notice: chance.pick([1, 2]), hubTime: NOON + chance.below(9 * HOUR_MS), proof }),
      () => ({ type: 'pong', hubTime: this.#clock.wall() }),
      () => ({ type: 'goodbye', why: chance.pick(['too-many', 'unavailable', 'revoked']), detail: 'x', retry: true }),
    ];
  }

  #newLink(): Link {
    const network = this.#network;
    network.answer = (line) => this.#hub.accept(line);
    return new Link({
      clock: this.#clock,
      replica: this.#store.replica(() => {
        this.#pieces += 1;
        return this.#pieces;
      }),
      remote: {
        command: () => {
          this.#commands += 1;
          return Promise.resolve(ok('done'));
        },
        hubTime: () => undefined,
        putBack: () => false,
        changed: () => undefined,
      },
      dialer: network,
      reader: NO_READER,
      chance: {
        nonce: () => {
          this.#nonces += 1;
          return String(this.#nonces).padStart(22, 'N');
        },
        real: () => 0,
      },
      address: ADDRESS,
      quiet: () => true,
      tell: () => undefined,
      changed: () => undefined,
    });
  }

  async #flush(): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      await this.#clock.advance(STEP_MS / 4);
      for (const line of this.#network.lines.splice(0, this.#network.lines.length - 1)) line.cut();
      for (const line of this.#network.lines) {
        line.flushUp();
        line.flushDown();
      }
    }
  }
}
