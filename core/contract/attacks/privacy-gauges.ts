import { z } from 'zod';
import { type AttackDescription, updateSwitches } from './description.ts';

/** Noise multipliers of the table. */
export const noiseLevels = [0, 0.003, 0.01, 0.03, 0.1, 1] as const;

export const privacyGaugesSettings = z.strictObject({
  rounds: z
    .int()
    .min(1)
    .max(30)
    .default(5)
    .describe('rounds that the guarantee must last, and a model trains'),
  clients: z.int().min(2).max(100).default(20).describe('people whose model is trained under the noise'),
  victims: z.int().min(1).max(32).default(8).describe('people under attack, one image each'),
  hidden: z.int().min(8).max(1024).default(256).describe('units of the first dense layer'),
  series: z.boolean().default(true).describe('also other noise, for the table'),
});

export const privacyGauges = {
  name: 'privacy-gauges',
  seat: 'reads-update',
  source: 'McMahan et al. 2018; Mironov et al. 2019, section 3.3; Zhao et al. 2020',
  seconds: 15,
  settings: privacyGaugesSettings,
  quick: { rounds: 1, clients: 4, victims: 2, series: false },
  switches: updateSwitches,
  comparisons: [
    { switch: 'noise-0.01', figure: 'psnr', value: 17, kind: 'about', source: 'an earlier measurement' },
    { switch: 'noise-0.03', figure: 'psnr', value: 11, kind: 'about', source: 'an earlier measurement' },
    {
      switch: 'noise-0.03',
      figure: 'recovered',
      value: 0,
      kind: 'most',
      source: 'the aim: the attack is dead',
    },
  ],
  targets: ['fresh'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
