import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const modelInversionSettings = z.strictObject({
  variant: z
    .enum(['reference', 'priors', 'pca', 're-identification'])
    .default('priors')
    .describe('how the image is searched for'),
  iterations: z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('steps of each try; 0: as many as the way of searching takes, 3,000 for the reference'),
  tries: z
    .int()
    .min(0)
    .max(20)
    .default(0)
    .describe('starts for each class; 0: as many as the way of searching takes, 10 for the reference'),
  people: z.int().min(5).max(50).default(20).describe('people, where a class is one person'),
});

export const modelInversion = {
  name: 'model-inversion',
  seat: 'holds-model',
  source: 'Fredrikson et al. 2015 (MI-Face)',
  seconds: 8,
  settings: modelInversionSettings,
  quick: { iterations: 40, tries: 1, people: 10 },
  switches: [
    { id: 'priors', protection: {}, settings: { variant: 'priors' } },
    { id: 'reference', protection: {}, settings: { variant: 'reference' } },
    { id: 'pca', protection: {}, settings: { variant: 'pca' } },
    { id: 're-identification', protection: {}, settings: { variant: 're-identification' } },
  ],
  comparisons: [
    {
      switch: 'reference',
      figure: 'maeNearest',
      value: 0.058,
      kind: 'about',
      source: 'the reference attack: a CNN, trained 10 epochs on the first 100 images of MNIST',
    },
    {
      switch: 'reference',
      figure: 'maeMean',
      value: 0.1309,
      kind: 'about',
      source: 'the reference attack: a CNN, trained 10 epochs on the first 100 images of MNIST',
    },
    {
      switch: 'reference',
      figure: 'confidence',
      value: 0.9561,
      kind: 'about',
      source: 'the reference attack: a CNN, trained 10 epochs on the first 100 images of MNIST',
    },
    { switch: 'priors', figure: 'confidence', value: 0.95, kind: 'about', source: 'an earlier measurement' },
    { switch: 'priors', figure: 'judged', value: 1, kind: 'about', source: 'an earlier measurement' },
    {
      switch: 're-identification',
      figure: 'rankedFirst',
      value: 0.9,
      kind: 'least',
      source: 'an earlier measurement, 0.9 to 1.0 of cases',
    },
  ],
  targets: ['fresh', 'model'],
  axis: { metric: 'judge', from: 0, to: 1, threshold: 0.5 },
} satisfies AttackDescription;
