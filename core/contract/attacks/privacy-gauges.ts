import { z } from 'zod';
import { type AttackDescription, updateSwitches } from './description.ts';

export const privacyGaugesSettings = z.strictObject({
  rounds: z.int().min(1).max(1000).default(5).describe('rounds that the guarantee must last'),
});

export const privacyGauges = {
  name: 'privacy-gauges',
  seat: 'reads-update',
  source: 'McMahan et al. 2018; Mironov et al. 2019',
  seconds: 10,
  settings: privacyGaugesSettings,
  quick: {},
  switches: updateSwitches,
  targets: ['fresh'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
