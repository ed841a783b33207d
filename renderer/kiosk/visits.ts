/** A member's visit with what it asks of the controller. */
import type { CarryOverSettings } from '../../main/contract/member-ways.ts';
import type { Language } from '../locale/texts.ts';
import type { Clock } from '../parts/clock.ts';
import { type CarryKey, finished } from './carry-draft.ts';
import type { KioskLink } from './link.ts';
import {
  clearsInMs,
  NO_VISIT,
  type Visit,
  type VisitInput,
  type VisitState,
  visitDueAt,
  visitStep,
  wantsCode,
} from './visit.ts';

export interface VisitParts {
  readonly clock: Clock;
  readonly link: KioskLink;
  /** The door that the page stands at; null where there is none yet. */
  readonly doorId: () => string | null;
  readonly language: () => Language;
  readonly changed: () => void;
}

export interface VisitView {
  readonly visit: Visit | null;
  /** While it is asked whether somebody is still there. */
  readonly clearsInMs: number | null;
}

export class Visits {
  readonly #parts: VisitParts;
  #state: VisitState = NO_VISIT;
  #wishes = 0;
  /** The wish for a card; kept while nobody has answered, so that asking again doesn't make a second card. */
  #wish: string | null = null;
  #asking = false;

  constructor(parts: VisitParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#state.visit !== null;
  }

  openPlace(): void {
    this.#step({ on: 'open', way: 'place' });
  }

  openCard(): void {
    this.#step({ on: 'open', way: 'card' });
  }

  openCarry({ fields }: CarryOverSettings): void {
    this.#step({ on: 'open-carry', fields: ['mail', 'code', ...fields] });
  }

  close(): void {
    this.#step({ on: 'close' });
  }

  touch(): void {
    this.#quietly({ on: 'touch' });
  }

  /** Somebody is still there. */
  stay(): void {
    this.#step({ on: 'stay' });
  }

  admitted(): void {
    this.#quietly({ on: 'admitted' });
  }

  /** The second tap. */
  issueCard(): void {
    const door = this.#parts.doorId();
    if (door === null || this.#state.visit?.at !== 'card') return;
    this.#wish ??= this.#newWish();
    this.#step({ on: 'card-step', visit: { at: 'card', step: 'busy' } });
    void this.#parts.link.issueCard({ door, request: this.#wish }).then((answer) => {
      if (answer !== null) this.#wish = null;
      const card = answer?.card ?? null;
      const none = { at: 'card', step: 'none', why: answer?.why ?? null } as const;
      this.#step({ on: 'card-step', visit: card === null ? none : { at: 'card', step: 'issued', card, busy: false } });
    });
  }

  withdrawCard(): void {
    const { visit } = this.#state;
    if (visit?.at !== 'card' || visit.step !== 'issued' || visit.busy) return;
    this.#step({ on: 'card-step', visit: { ...visit, busy: true } });
    void this.#parts.link.withdrawCard({ code: visit.card.code }).then((done) => {
      const after = { at: 'card', step: done === true ? 'withdrawn' : 'kept' } as const;
      this.#step({ on: 'card-step', visit: done === null ? { ...visit, busy: false } : after });
    });
  }

  /** To the fields: from the first page, or back from a form that wasn't taken. */
  fillIn(): void {
    this.#step({ on: 'begin' });
  }

  /** What was entered stays. */
  leaveFields(): void {
    this.#step({ on: 'leave-fields' });
  }

  key(key: CarryKey): void {
    this.#step({ on: 'key', key });
  }

  send(): void {
    const { visit } = this.#state;
    const door = this.#parts.doorId();
    if (visit?.at !== 'carry' || visit.step !== 'fill' || door === null) return;
    const checked = finished(visit.draft);
    this.#step({ on: 'check' });
    if (!('form' in checked)) return;
    const input = { door, language: this.#parts.language(), form: checked.form };
    void this.#parts.link.carryOver(input).then((taken) => this.#step({ on: 'kept', taken: taken === true }));
  }

  /** Lets time go by; asks for the place's next code where that is due. */
  advance(nowMono: number): void {
    this.#quietly({ on: 'time' });
    const door = this.#parts.doorId();
    if (this.#asking || door === null || !wantsCode(this.#state, nowMono)) return;
    this.#asking = true;
    void this.#parts.link.placeCode({ door }).then((code) => {
      this.#asking = false;
      this.#step({ on: 'code', code });
    });
  }

  view(nowMono: number): VisitView {
    return { visit: this.#state.visit, clearsInMs: clearsInMs(this.#state, nowMono) };
  }

  dueAt(nowMono: number): number | null {
    return visitDueAt(this.#state, nowMono);
  }

  /** Told apart from those before the page was loaded by the time of that. */
  #newWish(): string {
    this.#wishes += 1;
    return `${Math.round(this.#parts.clock.wall())}-${this.#wishes}`;
  }

  #quietly(input: VisitInput): void {
    this.#state = visitStep(this.#state, input, this.#parts.clock.mono());
  }

  #step(input: VisitInput): void {
    this.#quietly(input);
    this.#parts.changed();
  }
}
