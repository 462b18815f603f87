/** Hands out addresses of the module's memory, each at the start of a cache line. */
import { roundUp } from './stored-values.ts';

const cacheLineBytes = 64;

export interface Table {
  readonly address: number;
  /** Made when it is written, as a plan may turn out too large for any memory. */
  readonly content: () => Int32Array;
}

export class Arena {
  readonly tables: Table[] = [];
  readonly #bytes = new Map<string, number>();
  #end: number;
  #owner = '';

  constructor(start: number) {
    this.#end = roundUp(start, cacheLineBytes);
  }

  get end(): number {
    return this.#end;
  }

  /** What comes next is for the layer of that label. */
  chargeTo(label: string): void {
    this.#owner = label;
  }

  reserve(bytes: number): number {
    const address = this.#end;
    this.#end = roundUp(address + bytes, cacheLineBytes);
    this.#bytes.set(this.#owner, (this.#bytes.get(this.#owner) ?? 0) + bytes);
    return address;
  }

  /** length: 32-bit numbers of the content. */
  table(length: number, content: () => Int32Array): number {
    const address = this.reserve(4 * length);
    this.tables.push({ address, content });
    return address;
  }

  /** The label of the layer with the most bytes. */
  get largest(): string {
    const [first] = [...this.#bytes].toSorted(([, left], [, right]) => right - left);
    return first?.[0] ?? this.#owner;
  }
}
