import { z } from 'zod';
import { type AttackDescription, updateSwitches } from './description.ts';

export const gradientMatchingSettings = z.strictObject({
  variant: z.enum(['dlg', 'cosine']).default('cosine').describe('what is matched'),
  model: z.enum(['mlp-sigmoid', 'cnn-small']).default('cnn-small').describe('network of the victim'),
  batch: z.int().min(1).max(8).default(1).describe('private images'),
  steps: z.int().min(10).max(5000).default(400).describe('steps of the optimisation'),
});

export const gradientMatching = {
  name: 'gradient-matching',
  seat: 'reads-update',
  source: 'Zhu, Liu, Han 2019 (DLG); Zhao et al. 2020 (iDLG); Geiping et al. 2020',
  seconds: 5,
  settings: gradientMatchingSettings,
  quick: { steps: 40 },
  switches: updateSwitches,
  targets: ['fresh', 'update'],
  axis: { metric: 'psnr', from: 0, to: 40, threshold: 25 },
} satisfies AttackDescription;
