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
  source: 'Fowl et al. 2022; Pasquini et al. 2022; Boenisch et al. 2023',
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
      source: 'computed: 80 images, each alone in one of 512 equally likely bins',
    },
    {
      switch: 'imprint',
      figure: 'recovered',
      value: 0.54,
      kind: 'unlike',
      source:
        'Boenisch et al. 2023, section 7.4, of the attack of Fowl et al. 2022: 100 images of MNIST, one client, LeNet-5, about 400 bins',
    },
    {
      switch: 'imprint',
      figure: 'recovered',
      value: 0.77,
      kind: 'unlike',
      source:
        'J. C. Zhao et al. 2023, section 3.3, of the attack of Fowl et al. 2022: 64 images of CIFAR-100, one client, 256 bins',
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
      source: 'an earlier measurement: all 8 images of one client',
    },
    {
      switch: 'inconsistency',
      figure: 'recovered',
      value: 0.05,
      kind: 'unlike',
      source:
        'Boenisch et al. 2023, section 7.4, of the attack of Pasquini et al. 2022: 100 images of MNIST, a fresh perceptron of 1,000 units, images that some unit has alone',
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
      source: 'computed: the same with the 256 units of the agreed model',
    },
    {
      switch: 'weights-checked',
      figure: 'recovered',
      value: 0.54,
      kind: 'unlike',
      source:
        'Boenisch et al. 2023, table 4: trap weights, 100 images of MNIST, one client, a perceptron of 1,000 units',
    },
    {
      switch: 'weights-checked',
      figure: 'recovered',
      value: 0.02,
      kind: 'unlike',
      source: 'Boenisch et al. 2023, section 7.3: the same, from the mean of 20 such batches',
    },
  ],
  targets: ['fresh'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
