/** An attack's steps, told at most so often: of what was replaced meanwhile only the latest, the last of each always. */
import type { AttackStep } from '../../core/contract/attacks/attack-report.ts';

type Step<Kind extends AttackStep['kind']> = Extract<AttackStep, { kind: Kind }>;

export class StepGatherer {
  readonly #everyMs: number;
  readonly #tell: (steps: readonly AttackStep[]) => void;
  #progress: Step<'progress'> | undefined;
  #images = new Map<string, Step<'images'>['images'][number]>();
  #series = new Map<string, Step<'series'>['series']>();
  #rows = new Map<string, Step<'rows'>['rows'][number]>();
  #toldAt = -Infinity;
  #hasShown = false;

  constructor(everyMs: number, tell: (steps: readonly AttackStep[]) => void) {
    this.#everyMs = everyMs;
    this.#tell = tell;
  }

  take(step: AttackStep): void {
    // nobody waits for the first picture
    const isFirst = step.kind === 'images' && !this.#hasShown;
    this.#hasShown ||= isFirst;
    this.#keep(step);
    if (isFirst || performance.now() >= this.#toldAt + this.#everyMs) this.flush();
  }

  /** Tells at once what waits. */
  flush(): void {
    const steps: AttackStep[] = [];
    if (this.#progress !== undefined) steps.push(this.#progress);
    if (this.#images.size > 0) steps.push({ kind: 'images', images: [...this.#images.values()] });
    for (const series of this.#series.values()) steps.push({ kind: 'series', series });
    if (this.#rows.size > 0) steps.push({ kind: 'rows', rows: [...this.#rows.values()] });
    if (steps.length === 0) return;
    this.#progress = undefined;
    for (const waiting of [this.#images, this.#series, this.#rows]) waiting.clear();
    this.#toldAt = performance.now();
    this.#tell(steps);
  }

  #keep(step: AttackStep): void {
    switch (step.kind) {
      case 'progress':
        this.#progress = step;
        return;
      case 'images':
        for (const image of step.images) this.#images.set(image.id, image);
        return;
      case 'series':
        this.#series.set(step.series.name, step.series);
        return;
      case 'rows':
        for (const row of step.rows) this.#rows.set(row.name, row);
    }
  }
}
