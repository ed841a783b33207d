/** For tests: a network of a house whose lines can be cut, and what is said on them held in the hand. */
import type { Clock } from '../../../main/core/clock.ts';
import { ok, type Result } from '../../../main/core/result.ts';
import type { Found, PeerFinder, PeerNetwork, PeerSink, PeerWire } from './ports.ts';

const DELAY_MS = 1;

interface Node {
  readonly host: string;
  called: ((wire: PeerWire) => void) | null;
  self: { readonly unit: string; readonly site: string; readonly port: number } | null;
  found: ((peer: Found) => void) | null;
}

export class Lan {
  readonly #clock: Clock;
  readonly #nodes = new Map<string, Node>();
  readonly #cuts = new Set<string>();
  #sessions = 0;
  /** All that was said, `from>to text`. */
  readonly said: string[] = [];
  /** Changes what is on its way; null: it is lost. */
  twist: (text: string, from: string, to: string) => string | null = (text) => text;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  node(host: string): { readonly network: PeerNetwork; readonly finder: PeerFinder } {
    const node: Node = { host, called: null, self: null, found: null };
    this.#nodes.set(host, node);
    return { network: this.#network(node), finder: this.#finder(node) };
  }

  /** Nothing gets through any more, and nobody is told. */
  cut(a: string, b: string): void {
    this.#cuts.add(lineOf(a, b));
  }

  mend(a: string, b: string): void {
    this.#cuts.delete(lineOf(a, b));
  }

  isCut(a: string, b: string): boolean {
    return this.#cuts.has(lineOf(a, b));
  }

  /** An open connection, whatever it is that calls. */
  call(from: string, to: string): PeerWire {
    const node = this.#nodes.get(to);
    this.#sessions += 1;
    const [mine, theirs] = this.#pair(from, to, `session ${this.#sessions}`);
    node?.called?.(theirs);
    return mine;
  }

  #network(node: Node): PeerNetwork {
    return {
      listen: (called): Promise<Result<number, string>> => {
        node.called = called;
        return Promise.resolve(ok(1));
      },
      call: (host, _port, open, failed) => {
        if (this.isCut(node.host, host)) this.#clock.after('call fails', DELAY_MS, () => failed('no answer'));
        else this.#clock.after('call', DELAY_MS, () => open(this.call(node.host, host)));
      },
      close: () => {
        node.called = null;
        return Promise.resolve();
      },
    };
  }

  #finder(node: Node): PeerFinder {
    return {
      start: (self, found) => {
        node.self = self;
        node.found = found;
      },
      ask: () => {
        for (const { host, self } of this.#nodes.values()) {
          if (self === null || host === node.host || this.isCut(node.host, host)) continue;
          this.#clock.after('found', DELAY_MS, () => node.found?.({ unit: self.unit, host, port: self.port }));
        }
      },
      stop: () => {
        node.self = null;
        node.found = null;
      },
    };
  }

  #pair(a: string, b: string, session: string): [HandWire, HandWire] {
    const one = new HandWire(session, b, (text) => this.#carry(a, b, text, other));
    const other: HandWire = new HandWire(session, a, (text) => this.#carry(b, a, text, one));
    one.other = other;
    other.other = one;
    return [one, other];
  }

  #carry(from: string, to: string, text: string, wire: HandWire): void {
    if (this.isCut(from, to)) return;
    const twisted = this.twist(text, from, to);
    this.said.push(`${from}>${to} ${text}`);
    if (twisted !== null) this.#clock.after('carried', DELAY_MS, () => wire.arrive(twisted));
  }
}

export class HandWire implements PeerWire {
  readonly session: string;
  readonly address: string;
  readonly #carry: (text: string) => void;
  other: HandWire | null = null;
  isOpen = true;
  readonly arrived: string[] = [];
  #sink: PeerSink | null = null;

  constructor(session: string, address: string, carry: (text: string) => void) {
    this.session = session;
    this.address = address;
    this.#carry = carry;
  }

  send(text: string): boolean {
    if (this.isOpen) this.#carry(text);
    return true;
  }

  close(): void {
    this.isOpen = false;
  }

  take(sink: PeerSink): void {
    this.#sink = sink;
  }

  arrive(text: string): void {
    this.arrived.push(text);
    if (this.isOpen) this.#sink?.said(text);
  }
}

function lineOf(a: string, b: string): string {
  return [a, b].sort().join('–');
}
