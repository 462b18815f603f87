import { z } from 'zod';
import { type AttackDescription, updateSwitches } from './description.ts';

export const twoStageSettings = z.strictObject({
  steps: z.int().min(10).max(5000).default(600).describe('steps of the second stage'),
});

export const twoStage = {
  name: 'two-stage',
  seat: 'reads-update',
  source: 'Geiping et al. 2020; Phong et al. 2018',
  seconds: 8,
  settings: twoStageSettings,
  quick: { steps: 60 },
  switches: updateSwitches,
  targets: ['fresh', 'model', 'update'],
  axis: { metric: 'psnr', from: 0, to: 40, threshold: 20 },
} satisfies AttackDescription;
