/** Commands of the operator's people: only what the hub has signed for this unit and this connection, each once. */
import { CommandPayload, type FromHub } from '../wire/from-hub.ts';
import { WIRE } from '../wire/limits.ts';
import { commandText } from '../wire/signed.ts';
import type { ToHub } from '../wire/to-hub.ts';
import type { Remote } from './ports.ts';
import { isSigned } from './proof.ts';

/** Commands that are remembered, so that none runs twice; over connections too, since `done` may have been lost. */
const MOST_REMEMBERED = 1_000;
/** Running at the same time. */
const MOST_AT_ONCE = 16;
const MOST_CHARACTERS = 500;
const TOO_LATE = 'it came too late, over a slow line: look whether it is still wanted, and say it again';

type Command = Extract<FromHub, { readonly type: 'command' }>;
type Done = Extract<ToHub, { readonly type: 'done' }>;

export interface OrderPlace {
  readonly unit: string;
  readonly hubKey: string;
  /** That of the hub's challenge. It is this connection's, since the hub has answered to what was signed for it. */
  readonly nonce: string;
  /** At most so many milliseconds ago it was this time at the hub. */
  readonly ageMs: (hubTime: number) => number;
  readonly send: (message: ToHub) => void;
}

export class Orders {
  readonly #remote: Pick<Remote, 'command'>;
  /** null: it runs. */
  readonly #answers = new Map<string, Done | null>();

  constructor(remote: Pick<Remote, 'command'>) {
    this.#remote = remote;
  }

  /** @returns whether it was one of the hub's; else the connection isn't to be believed */
  take({ id, command, at, proof }: Command, place: OrderPlace): boolean {
    if (id.includes('\n') || command.includes('\n')) return false;
    if (!isSigned(place.hubKey, commandText(place.nonce, place.unit, id, command, at), proof)) return false;
    const answer = this.#answers.get(id);
    if (answer !== undefined) {
      if (answer !== null) place.send(answer);
      return true;
    }
    const payload = payloadOf(command);
    if (payload === null) place.send(answerOf(id, false, 'the unit does not know this command'));
    else if (place.ageMs(at) > WIRE.commandMs) place.send(answerOf(id, false, TOO_LATE));
    else if (this.#running() >= MOST_AT_ONCE) place.send(answerOf(id, false, 'too many commands at once'));
    else this.#run(id, payload, place);
    return true;
  }

  #run(id: string, payload: CommandPayload, place: OrderPlace): void {
    this.#remember(id, null);
    const finish = (ok: boolean, detail: string) => {
      const answer = answerOf(id, ok, detail);
      this.#remember(id, answer);
      place.send(answer);
    };
    this.#remote.command(id, payload).then(
      (done) => finish(done.ok, done.ok ? done.value : done.error),
      () => finish(false, 'the unit failed at it'),
    );
  }

  #running(): number {
    return [...this.#answers.values()].filter((answer) => answer === null).length;
  }

  #remember(id: string, answer: Done | null): void {
    this.#answers.delete(id);
    this.#answers.set(id, answer);
    if (this.#answers.size <= MOST_REMEMBERED) return;
    for (const [oldest] of this.#answers) {
      this.#answers.delete(oldest);
      return;
    }
  }
}

function answerOf(id: string, ok: boolean, detail: string): Done {
  return { type: 'done', id, ok, detail: detail.slice(0, MOST_CHARACTERS) };
}

function payloadOf(command: string): CommandPayload | null {
  try {
    return CommandPayload.parse(JSON.parse(command));
  } catch {
    return null;
  }
}
