import { z } from 'zod';
import { type AttackDescription, updateSwitches } from './description.ts';

export const closedFormSettings = z.strictObject({
  batch: z.int().min(1).max(256).default(8).describe('private images, all in one batch'),
  steps: z.int().min(1).max(64).default(1).describe('local steps on that batch'),
  hidden: z.int().min(8).max(1024).default(256).describe('units of the first dense layer'),
  optimizer: z.enum(['sgd', 'adam']).default('sgd').describe("the client's optimiser"),
  judge: z.boolean().default(true).describe('an independent judge looks at what came back'),
});

export const closedForm = {
  name: 'closed-form',
  seat: 'reads-update',
  source: 'Phong et al. 2018, section 3; Zhao et al. 2020 (labels)',
  seconds: 2,
  settings: closedFormSettings,
  quick: { judge: false },
  switches: [...updateSwitches, { id: 'adam', protection: {}, settings: { optimizer: 'adam' } }],
  cases: [
    { id: 'batch-16', protection: {}, settings: { batch: 16 } },
    { id: 'batch-32', protection: {}, settings: { batch: 32 } },
    { id: 'steps-4', protection: {}, settings: { steps: 4 } },
  ],
  comparisons: [
    { switch: 'none', figure: 'recovered', value: 1, kind: 'least', source: 'the aim: 8 of 8 above 25 dB' },
    {
      switch: 'batch-16',
      figure: 'recovered',
      value: 0.625,
      kind: 'about',
      source: 'an earlier measurement',
    },
    {
      switch: 'batch-32',
      figure: 'recovered',
      value: 0.219,
      kind: 'about',
      source: 'an earlier measurement',
    },
    { switch: 'steps-4', figure: 'recovered', value: 1, kind: 'about', source: 'an earlier measurement' },
  ],
  targets: ['fresh', 'model', 'update'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
