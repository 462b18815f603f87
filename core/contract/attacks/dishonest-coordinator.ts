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

/** The chance that none of the other images falls into one's own of so many equally likely bins. */
function aloneInItsBin(images: number, bins: number): number {
  return (1 - 1 / bins) ** (images - 1);
}

const always = { masks: true, signature: true };

export const dishonestCoordinator = {
  name: 'dishonest-coordinator',
  seat: 'cheats',
  source: 'Fowl et al. 2022; Pasquini et al. 2022; Boenisch et al. 2021',
  seconds: 6,
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
  comparisons: [
    {
      switch: 'imprint',
      figure: 'recovered',
      value: aloneInItsBin(80, 512),
      kind: 'about',
      source: 'Fowl et al. 2022, section 4: 80 images, each alone in one of 512 equally likely bins',
    },
    {
      switch: 'imprint-checked',
      figure: 'recovered',
      value: 0,
      kind: 'most',
      source: 'the aim: refused by the check of the architecture',
    },
    {
      switch: 'inconsistency',
      figure: 'recovered',
      value: 1,
      kind: 'about',
      source:
        'Pasquini et al. 2022: the sum is the victim’s own update; an earlier measurement reads all 8 images of one',
    },
    {
      switch: 'inconsistency-checked',
      figure: 'recovered',
      value: 0,
      kind: 'most',
      source: 'the aim: refused by the signed hash of the model',
    },
    {
      switch: 'weights-checked',
      figure: 'recovered',
      value: aloneInItsBin(80, 256),
      kind: 'about',
      source: 'the same with the 256 units of the agreed model (Fowl et al. 2022, section 4)',
    },
  ],
  targets: ['fresh'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
