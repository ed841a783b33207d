/** What is to happen, in the order of its time. */
export interface Deed {
  /** Monotonic ms. */
  readonly at: number;
  readonly run: () => void | Promise<void>;
}

export class Agenda {
  /** A binary heap: the earliest is the first. */
  readonly #heap: Deed[] = [];

  add(at: number, run: Deed['run']): void {
    let index = this.#heap.push({ at, run }) - 1;
    for (let parent = (index - 1) >> 1; index > 0 && this.#at(parent) > at; parent = (index - 1) >> 1) {
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** The earliest, taken off; null where nothing is due before `end`. */
  next(end: number): Deed | null {
    const [first] = this.#heap;
    if (first === undefined || first.at >= end) return null;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const least = [left, right].reduce((best, one) => (this.#at(one) < this.#at(best) ? one : best), index);
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #at(index: number): number {
    return this.#heap[index]?.at ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return;
    this.#heap[a] = other;
    this.#heap[b] = one;
  }
}
