import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const backdoorSettings = z.strictObject({
  scale: z.number().min(1).max(100).default(10).describe('factor of the poisoned update'),
});

export const backdoor = {
  name: 'backdoor',
  seat: 'cheats',
  source: 'Bagdasaryan et al. 2020; Blanchard et al. 2017; Yin et al. 2018',
  seconds: 5,
  settings: backdoorSettings,
  quick: {},
  switches: [{ id: 'mean', protection: {}, settings: {} }],
  targets: ['fresh'],
  axis: { metric: 'backdoorSuccess', from: 0, to: 1, threshold: 0.5 },
} satisfies AttackDescription;
