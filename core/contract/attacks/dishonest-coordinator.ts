import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const dishonestCoordinatorSettings = z.strictObject({
  variant: z
    .enum(['imprint', 'inconsistency', 'weights'])
    .default('imprint')
    .describe('what the coordinator sends: a layer more, other models to others, other weights'),
  checked: z.boolean().default(false).describe('clients check the model that they are sent, as real ones do'),
  clients: z.int().min(3).max(20).default(10).describe('clients whose updates are summed'),
  batch: z.int().min(1).max(32).default(8).describe('private images of each client'),
  bins: z.int().min(32).max(1024).default(512).describe('units of the layer that is slipped in'),
});

const always = { masks: true, signature: true };

export const dishonestCoordinator = {
  name: 'dishonest-coordinator',
  seat: 'cheats',
  source: 'Fowl et al. 2022; Pasquini et al. 2022; Boenisch et al. 2021',
  seconds: 5,
  settings: dishonestCoordinatorSettings,
  quick: { clients: 4, batch: 4, bins: 128 },
  switches: [
    { id: 'imprint', protection: always, settings: {} },
    { id: 'imprint-checked', protection: always, settings: { checked: true } },
    { id: 'inconsistency', protection: always, settings: { variant: 'inconsistency' } },
    {
      id: 'inconsistency-checked',
      protection: always,
      settings: { variant: 'inconsistency', checked: true },
    },
    { id: 'weights-checked', protection: always, settings: { variant: 'weights', checked: true } },
    {
      id: 'weights-noise',
      protection: { ...always, noise: 0.03 },
      settings: { variant: 'weights', checked: true },
    },
  ],
  targets: ['fresh'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
