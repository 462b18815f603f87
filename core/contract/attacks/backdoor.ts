import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const backdoorRules = [
  'mean',
  'norm-clipping',
  'median',
  'trimmed-mean',
  'krum',
  'multi-krum',
] as const;
export type BackdoorRule = (typeof backdoorRules)[number];

export const backdoorSettings = z.strictObject({
  rule: z.enum(backdoorRules).default('mean').describe('how the coordinator makes one update of all'),
  scale: z.number().min(1).max(100).default(10).describe('factor of the poisoned update'),
  clients: z.int().min(5).max(40).default(10).describe('clients, of which one cheats'),
  rounds: z.int().min(1).max(20).default(6).describe('rounds, the last one poisoned'),
  after: z.int().min(0).max(10).default(3).describe('honest rounds after the poisoned one'),
  examples: z.int().min(50).max(2000).default(500).describe('images of each client'),
  target: z.int().min(0).max(255).default(7).describe('class that the trigger stands for'),
});

export const backdoor = {
  name: 'backdoor',
  seat: 'cheats',
  source: 'Bagdasaryan et al. 2020; Blanchard et al. 2017; Yin et al. 2018',
  seconds: 2,
  settings: backdoorSettings,
  quick: { rounds: 3, after: 0, examples: 300 },
  switches: [
    ...backdoorRules.map((rule) => ({ id: rule, protection: {}, settings: { rule } })),
    { id: 'masks', protection: { masks: true, signature: true }, settings: {} },
  ],
  comparisons: [
    { switch: 'mean', figure: 'backdoorSuccess', value: 0.95, kind: 'least', source: 'the aim' },
    {
      switch: 'mean',
      figure: 'backdoorSuccess',
      value: 1,
      kind: 'unlike',
      source:
        'Bagdasaryan et al. 2020, abstract: one attacker in one round; CIFAR-10 with a feature of the pictures as trigger, and word prediction',
    },
    { switch: 'norm-clipping', figure: 'backdoorSuccess', value: 0.1, kind: 'most', source: 'the aim' },
    {
      switch: 'norm-clipping',
      figure: 'backdoorSuccess',
      value: 0.042,
      kind: 'about',
      source: 'an earlier measurement',
    },
    {
      switch: 'median',
      figure: 'backdoorSuccess',
      value: 0.007,
      kind: 'about',
      source: 'an earlier measurement',
    },
    {
      switch: 'krum',
      figure: 'backdoorSuccess',
      value: 0.009,
      kind: 'about',
      source: 'an earlier measurement',
    },
  ],
  targets: ['fresh'],
  axis: { metric: 'backdoorSuccess', from: 0, to: 1, threshold: 0.5 },
} satisfies AttackDescription;
