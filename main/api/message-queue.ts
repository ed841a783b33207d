/** A bounded first-in-first-out between somebody who pushes and one who awaits. Ends once, and then stays ended. */
export class MessageQueue<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  #wake: (() => void) | null = null;
  #ended = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** False when it is full: the item is not taken. */
  push(item: T): boolean {
    if (this.#ended) return true;
    if (this.#items.length >= this.#capacity) return false;
    this.#items.push(item);
    this.#wake?.();
    return true;
  }

  /** Drops what waits and ends the iteration. */
  end(): void {
    this.#ended = true;
    this.#items.length = 0;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    while (!this.#ended) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
        continue;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }
}
