import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const dishonestCoordinatorSettings = z.strictObject({
  variant: z.enum(['imprint', 'inconsistency']).default('imprint').describe('what the coordinator sends'),
  checked: z.boolean().default(false).describe('clients check architecture and model hash'),
});

export const dishonestCoordinator = {
  name: 'dishonest-coordinator',
  seat: 'cheats',
  source: 'Fowl et al. 2022; Boenisch et al. 2021; Pasquini et al. 2022',
  seconds: 4,
  settings: dishonestCoordinatorSettings,
  quick: {},
  switches: [
    { id: 'unchecked', protection: {}, settings: {} },
    { id: 'checked', protection: {}, settings: { checked: true } },
  ],
  targets: ['fresh'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
