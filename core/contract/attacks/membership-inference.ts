import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const membershipInferenceSettings = z.strictObject({
  members: z.int().min(50).max(10_000).default(500).describe('training images of the model under attack'),
});

export const membershipInference = {
  name: 'membership-inference',
  seat: 'holds-model',
  source: 'Carlini et al. 2022; Yeom et al. 2018',
  seconds: 5,
  settings: membershipInferenceSettings,
  quick: { members: 100 },
  switches: [{ id: 'none', protection: {}, settings: {} }],
  cases: [{ id: 'members-5000', protection: {}, settings: { members: 5000 } }],
  comparisons: [
    {
      switch: 'members-5000',
      figure: { row: '10000', cell: 'balancedAccuracy' },
      value: 0.517,
      kind: 'about',
      source:
        'Shokri et al. 2017, table II: share of right guesses on MNIST, 10,000 images, by shadow models',
    },
  ],
  targets: ['fresh', 'model'],
  axis: { metric: 'truePositivesAt1', from: 0, to: 1, threshold: 0.05 },
} satisfies AttackDescription;
