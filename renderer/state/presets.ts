/** Simulations that somebody has thought of already: beside the defaults of the contract's settings. */
import type { RunSettings } from '../../core/contract/run-settings.ts';
import type { Pace } from '../../core/contract/watch-event.ts';

export const presetNames = ['demo', 'reference', 'leaving', 'unequal'] as const;
export type PresetName = (typeof presetNames)[number];

export interface Preset {
  readonly settings: Partial<RunSettings>;
  readonly pace: Pace;
}

export const presets: Readonly<Record<PresetName, Preset>> = {
  /** To watch: a few clients, a small network, every message slow enough to follow. */
  demo: { settings: { clients: 12, rounds: 4, model: 'mlp', examplesPerClient: 600 }, pace: 'slow' },
  /** That of the results table: all of MNIST, dealt to twenty. */
  reference: { settings: { clients: 20, rounds: 5, model: 'cnn' }, pace: 'full' },
  /** Six of twenty, as many as the threshold allows. */
  leaving: { settings: { clients: 20, rounds: 5, model: 'cnn-light', drop: 0.3 }, pace: 'full' },
  /** Most have much of a few digits and little of the others. */
  unequal: {
    settings: { clients: 20, rounds: 8, model: 'cnn-light', partition: 'dirichlet:0.1' },
    pace: 'full',
  },
};
