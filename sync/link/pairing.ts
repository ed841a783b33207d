/** Makes this unit known to a hub, with a one-time code that a person was given there. Its own key never leaves it. */
import type { Clock } from '../../main/core/clock.ts';
import { err, ok, type Result } from '../../main/core/result.ts';
import type { FromHub } from '../wire/from-hub.ts';
import { WIRE } from '../wire/limits.ts';
import { parseFromHub } from '../wire/parse.ts';
import { hubText, pairingText } from '../wire/signed.ts';
import type { ToHub } from '../wire/to-hub.ts';
import type { Dialer, HubAddress, Line, Replica } from './ports.ts';
import { type Chance, isSigned } from './proof.ts';

export interface PairingParts {
  readonly clock: Clock;
  readonly replica: Replica;
  readonly dialer: Dialer;
  readonly chance: Chance;
}

export interface PairingRequest {
  readonly address: HubAddress;
  /** Without separators. */
  readonly code: string;
  /** What people call this unit; null: as the operator has named it. */
  readonly name: string | null;
}

/** @returns the tenant, once the hub's keys are kept; else one line that says what to do */
export function pairWith(parts: PairingParts, request: PairingRequest): Promise<Result<string, string>> {
  return new Promise((resolve) => {
    new Conversation(parts, request, resolve).start();
  });
}

class Conversation {
  readonly #parts: PairingParts;
  readonly #request: PairingRequest;
  readonly #done: (result: Result<string, string>) => void;
  readonly #nonce: string;
  #line: Line | null = null;
  #isAsked = false;
  #isOver = false;

  constructor(parts: PairingParts, request: PairingRequest, done: (result: Result<string, string>) => void) {
    this.#parts = parts;
    this.#request = request;
    this.#done = done;
    this.#nonce = parts.chance.nonce();
  }

  start(): void {
    const { clock, dialer } = this.#parts;
    const timer = clock.after('pairing', WIRE.greetingMs, () => this.#end(err('the hub did not answer: try again')));
    this.#line = dialer.dial(this.#request.address, {
      opened: () => undefined,
      said: (message) => {
        if (!this.#isOver) this.#end(this.#said(message.toString()), timer.cancel);
      },
      closed: (why) =>
        this.#end(err(`the hub can’t be reached: ${why}: is the address right, and the hub running?`), timer.cancel),
    });
  }

  /** @returns null: the conversation goes on */
  #said(text: string): Result<string, string> | null {
    const message = parseFromHub(text);
    if (!message.ok) return err(`the hub doesn’t speak as this unit does: ${message.error.detail}`);
    switch (message.value.type) {
      case 'challenge':
        return this.#isAsked ? err('the hub asked twice') : this.#ask(message.value.nonce);
      case 'paired':
        return this.#isAsked ? this.#paired(message.value) : err('the hub answered before it was asked');
      case 'goodbye':
        return err(goodbyeText(message.value));
      default:
        return err(`the hub said ${message.value.type} instead of an answer`);
    }
  }

  #ask(challenge: string): null {
    const { replica } = this.#parts;
    const { address, code, name } = this.#request;
    const { unit } = replica.unit();
    const key = replica.publicKey();
    const proof = replica.sign(pairingText(address.host, challenge, unit, key));
    const ask: ToHub = { type: 'pair', version: WIRE.version, code, unit, name, key, nonce: this.#nonce, proof };
    this.#isAsked = true;
    this.#line?.send(JSON.stringify(ask));
    return null;
  }

  #paired({
    tenant,
    hubKey,
    sealKey,
    hubTime,
    proof,
  }: Extract<FromHub, { readonly type: 'paired' }>): Result<string, string> {
    const { replica } = this.#parts;
    if (!isSigned(hubKey, hubText(this.#nonce, replica.unit().unit, hubTime), proof))
      return err('the hub did not prove its key: pair nothing with it');
    replica.pair({ tenant, hubKey, sealKey, url: this.#request.address.url });
    return ok(tenant);
  }

  #end(result: Result<string, string> | null, cancel?: () => void): void {
    if (result === null || this.#isOver) return;
    this.#isOver = true;
    cancel?.();
    this.#line?.close('done');
    this.#done(result);
  }
}

function goodbyeText({ why, detail }: Extract<FromHub, { readonly type: 'goodbye' }>): string {
  if (why === 'code') return `the hub pairs nothing with this code: ${detail}`;
  return `the hub refused (${why}): ${detail}`;
}
