import { z } from 'zod';
import { type AttackDescription, updateSwitches } from './description.ts';

export const closedFormSettings = z.strictObject({
  batch: z.int().min(1).max(256).default(8).describe('private images in the batch'),
  steps: z.int().min(1).max(64).default(1).describe('local steps, each on so many images'),
  hidden: z.int().min(8).max(1024).default(256).describe('units of the first dense layer'),
  optimizer: z.enum(['sgd', 'adam']).default('sgd').describe("the client's optimiser"),
});

export const closedForm = {
  name: 'closed-form',
  seat: 'reads-update',
  source: 'Phong et al. 2018, section 3; Fan et al. 2020',
  seconds: 1,
  settings: closedFormSettings,
  quick: {},
  switches: [...updateSwitches, { id: 'adam', protection: {}, settings: { optimizer: 'adam' } }],
  targets: ['fresh', 'model', 'update'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
