/** Simulations that somebody has thought of already: beside the defaults of the contract's settings. */
import { type RunSettings, runSettingsSchema } from '../../core/contract/run-settings.ts';
import type { Pace } from '../../core/contract/watch-event.ts';

export const presetNames = ['demo', 'reference', 'leaving', 'unequal', 'noise'] as const;
export type PresetName = (typeof presetNames)[number];

export interface Preset {
  readonly settings: Partial<RunSettings>;
  readonly pace: Pace;
}

export const presets: Readonly<Record<PresetName, Preset>> = {
  /** To watch: a small network, every message slow enough to follow, one who leaves. A round takes some 20 s so. */
  demo: {
    settings: { clients: 12, rounds: 15, model: 'mlp', examplesPerClient: 600, drop: 0.1 },
    pace: 'slow',
  },
  /** That of the results table: all of MNIST, dealt to twenty. */
  reference: { settings: { clients: 20, rounds: 5, model: 'cnn' }, pace: 'full' },
  /** Six of twenty, as many as the threshold allows. */
  leaving: { settings: { clients: 20, rounds: 5, model: 'cnn-light', drop: 0.3 }, pace: 'full' },
  /** Most have much of a few digits and little of the others. */
  unequal: {
    settings: { clients: 20, rounds: 8, model: 'cnn-light', partition: 'dirichlet:0.1' },
    pace: 'full',
  },
  /**
   * Noise that leaves something to learn: epsilon 7.99 at delta 1e-5; test accuracy 0.887 with seed 1, the most frequent
   * class alone 0.1135. With twenty people there is over four times as much noise.
   */
  noise: {
    settings: {
      clients: 100,
      rounds: 10,
      model: 'linear',
      optimizer: 'sgd',
      learningRate: 0.5,
      noiseMultiplier: 2.02,
      clippingNorm: 1,
    },
    pace: 'full',
  },
};

/** Whether settings are those of a preset, in whatever language the report will be. */
export function isPreset(name: PresetName, settings: RunSettings, pace: Pace): boolean {
  if (pace !== presets[name].pace) return false;
  const preset: Readonly<Record<string, unknown>> = runSettingsSchema.parse(presets[name].settings);
  const given: Readonly<Record<string, unknown>> = settings;
  const names = new Set([...Object.keys(preset), ...Object.keys(given)]);
  names.delete('language');
  return [...names].every((field) => Object.is(preset[field], given[field]));
}
