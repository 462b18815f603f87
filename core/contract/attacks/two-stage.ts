import { z } from 'zod';
import { type AttackDescription, updateSwitches } from './description.ts';

export const twoStageSettings = z.strictObject({
  model: z.enum(['cnn', 'cnn-two', 'cnn-light']).default('cnn').describe('network of the victim'),
  batch: z.int().min(1).max(4).default(1).describe('private images, all in one batch'),
  steps: z.int().min(10).max(5000).default(600).describe('steps of the second stage'),
});

export const twoStage = {
  name: 'two-stage',
  seat: 'reads-update',
  source: 'Phong et al. 2018; Zhu, Blaschko 2021 (R-GAP); Mahendran, Vedaldi 2015; Geiping et al. 2020',
  seconds: 12,
  settings: twoStageSettings,
  quick: { steps: 60 },
  switches: [
    ...updateSwitches,
    { id: 'cnn-two', protection: {}, settings: { model: 'cnn-two' } },
    { id: 'batch-4', protection: {}, settings: { batch: 4 } },
  ],
  comparisons: [
    { switch: 'none', figure: 'psnr', value: 20, kind: 'least', source: 'the aim: 20 dB within 10 s' },
  ],
  targets: ['fresh', 'model', 'update'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
