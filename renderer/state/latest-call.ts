/** Calls that only matter if they are the last: one at a time, not too often, and always the newest wish. */

export class LatestCall<Wish> {
  readonly #gapMs: number;
  readonly #call: (wish: Wish) => Promise<void>;
  #wish: { readonly value: Wish } | undefined;
  #busy = false;

  /** call never rejects. */
  constructor(gapMs: number, call: (wish: Wish) => Promise<void>) {
    this.#gapMs = gapMs;
    this.#call = call;
  }

  want(value: Wish): void {
    this.#wish = { value };
    if (!this.#busy) void this.#carryOut();
  }

  /** Nothing more is wanted. */
  forget(): void {
    this.#wish = undefined;
  }

  async #carryOut(): Promise<void> {
    this.#busy = true;
    while (this.#wish !== undefined) {
      const { value } = this.#wish;
      this.#wish = undefined;
      await this.#call(value);
      await new Promise((resolve) => setTimeout(resolve, this.#gapMs));
    }
    this.#busy = false;
  }
}
