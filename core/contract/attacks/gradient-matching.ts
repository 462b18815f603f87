import { z } from 'zod';
import { type AttackDescription, updateSwitches } from './description.ts';

export const gradientMatchingSettings = z.strictObject({
  variant: z.enum(['dlg', 'cosine']).default('cosine').describe('what is matched, and how'),
  model: z
    .enum(['mlp-sigmoid', 'cnn-small', 'cnn-relu'])
    .default('cnn-small')
    .describe('network of the victim'),
  batch: z.int().min(1).max(8).default(1).describe('private images, all in one batch'),
  steps: z.int().min(10).max(5000).default(250).describe('steps of the search'),
  labels: z.enum(['read', 'searched']).default('read').describe('where the attacker has the classes from'),
  signed: z.boolean().default(false).describe('cosine: steps by the signs of the gradient alone'),
  variation: z.number().min(0).max(1).default(0.001).describe('weight of the total variation'),
});

export const gradientMatching = {
  name: 'gradient-matching',
  seat: 'reads-update',
  source: 'Zhu, Liu, Han 2019 (DLG); Zhao et al. 2020 (iDLG); Geiping et al. 2020',
  seconds: 5,
  settings: gradientMatchingSettings,
  quick: { steps: 40 },
  switches: [
    ...updateSwitches,
    { id: 'dlg', protection: {}, settings: { variant: 'dlg' } },
    { id: 'batch-4', protection: {}, settings: { batch: 4 } },
    { id: 'relu', protection: {}, settings: { model: 'cnn-relu' } },
  ],
  cases: [{ id: 'mlp', protection: {}, settings: { variant: 'dlg', model: 'mlp-sigmoid' } }],
  comparisons: [
    { switch: 'none', figure: 'psnr', value: 27, kind: 'least', source: 'the aim: 27 dB within 5 s' },
    { switch: 'mlp', figure: 'psnr', value: 34, kind: 'about', source: 'an earlier measurement, one seed' },
    {
      switch: 'batch-4',
      figure: 'psnr',
      value: 21.5,
      kind: 'about',
      source: 'an earlier measurement, 18 to 25 dB',
    },
  ],
  targets: ['fresh', 'update'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
