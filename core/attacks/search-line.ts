/** A line that grows with a search's steps, and stays light enough to be sent again and again. */
import type { AttackSeries, AttackStep } from '../contract/attacks/attack-report.ts';

/** Points that are kept at most: then every second one goes. */
const most = 200;

export class SearchLine {
  readonly #name: string;
  #points: (readonly [number, number])[] = [];
  #every = 1;

  constructor(name: string) {
    this.#name = name;
  }

  /** step: 0, 1, ... in order; last: the point stays, whatever its place. */
  *add(step: number, value: number, last = false): Generator<AttackStep, void, void> {
    if (step % this.#every !== 0 && !last) return;
    this.#points.push([step, value]);
    if (this.#points.length > most) {
      this.#every *= 2;
      this.#points = this.#points.filter(([at]) => at % this.#every === 0);
    }
    const series: AttackSeries = { name: this.#name, points: [...this.#points] };
    yield { kind: 'series', series };
  }
}
