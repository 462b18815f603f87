/** Starting a comparison: the reference experiment, or a shorter one; how long each takes here. */
import { type RunSettings, runSettingsSchema } from '../../core/contract/run-settings.ts';
import type { AppState } from './app.svelte.ts';

export const comparisonLengths = ['reference', 'short'] as const;
export type ComparisonLength = (typeof comparisonLengths)[number];

/** What the shorter one changes: some of the images, fewer rounds, the smallest of the networks. */
const shorter = { rounds: 3, examplesPerClient: 500, model: 'cnn-light' } as const;

export class ComparisonStart {
  busy = $state(false);
  readonly #app: AppState;
  #seconds = $state.raw<Partial<Record<ComparisonLength, number>>>({});

  constructor(app: AppState) {
    this.#app = app;
  }

  describe(length: ComparisonLength): {
    readonly clients: number;
    readonly rounds: number;
    /** Of each client; undefined: its share of all. */
    readonly images: number | undefined;
  } {
    const { clients, rounds, examplesPerClient } = this.#settings(length);
    return { clients, rounds, images: examplesPerClient };
  }

  /** By this machine's measured speed; undefined where it has not been measured. */
  seconds(length: ComparisonLength): number | undefined {
    return this.#seconds[length];
  }

  async estimate(): Promise<void> {
    for (const length of comparisonLengths) {
      const settings = this.#settings(length);
      const plan = await this.#app.attempt('plan', {
        settings,
        purpose: 'comparison',
        data: 'dealt',
        demonstration: false,
      });
      const round = plan?.estimate.secondsPerRound ?? null;
      if (round !== null) this.#seconds = { ...this.#seconds, [length]: round * settings.rounds };
    }
  }

  /** Starts it, and goes where it can be watched. */
  async run(length: ComparisonLength): Promise<void> {
    const app = this.#app;
    this.busy = true;
    const started = await app.attempt('compare', {
      title: app.texts.t(`runs.compare.${length}`),
      settings: this.#settings(length),
    });
    this.busy = false;
    if (started !== undefined) app.route.go(`/activity/${started.activity}`);
  }

  #settings(length: ComparisonLength): RunSettings {
    const changes = length === 'short' ? shorter : {};
    return runSettingsSchema.parse({ ...changes, language: this.#app.language });
  }
}
