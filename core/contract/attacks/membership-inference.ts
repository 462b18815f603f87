import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const membershipInferenceSettings = z.strictObject({
  members: z.int().min(50).max(10_000).default(500).describe('training images of the model under attack'),
});

/** Half being members, of an attack that names nearly all of them: precision is the share of members among those named. */
function rightGuesses(precision: number): number {
  return (3 - 1 / precision) / 2;
}

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
      value: rightGuesses(0.517),
      kind: 'unlike',
      source:
        'Shokri et al. 2017, table II: computed from precision 0.517 and recall above 0.99 (both in Yeom et al. 2018, table I); MNIST, a model that Google’s service trained, shadow models',
    },
    {
      switch: 'members-5000',
      figure: { row: '10000', cell: 'balancedAccuracy' },
      value: rightGuesses(0.505),
      kind: 'unlike',
      source:
        'Yeom et al. 2018, table I: computed from precision 0.505 and recall above 0.99; MNIST, a deep CNN, its mean loss in training as threshold',
    },
  ],
  targets: ['fresh', 'model'],
  axis: { metric: 'truePositivesAt1', from: 0, to: 1, threshold: 0.05 },
} satisfies AttackDescription;
