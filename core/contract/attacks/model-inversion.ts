import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const modelInversionSettings = z.strictObject({
  variant: z
    .enum(['reference', 'priors', 'pca', 're-identification'])
    .default('priors')
    .describe('how the image is searched for'),
  iterations: z.int().min(10).max(10_000).default(3000).describe('steps of each try'),
  tries: z.int().min(1).max(20).default(10).describe('starts for each class'),
});

export const modelInversion = {
  name: 'model-inversion',
  seat: 'holds-model',
  source: 'Fredrikson et al. 2015 (MI-Face)',
  seconds: 60,
  settings: modelInversionSettings,
  quick: { iterations: 60, tries: 1 },
  switches: [
    { id: 'reference', protection: {}, settings: { variant: 'reference' } },
    { id: 'priors', protection: {}, settings: { variant: 'priors' } },
    { id: 'pca', protection: {}, settings: { variant: 'pca' } },
    { id: 're-identification', protection: {}, settings: { variant: 're-identification' } },
  ],
  targets: ['fresh', 'model'],
  axis: { metric: 'maeNearest', from: 0, to: 0.3, threshold: 0.0445 },
} satisfies AttackDescription;
