import { z } from 'zod';
import type { AttackDescription, AttackSwitch } from './description.ts';

/** Crowds of the chart. */
export const crowds = [1, 8, 16, 32, 64, 128] as const;

export const crowdSizeSettings = z.strictObject({
  clients: z
    .int()
    .min(1)
    .max(256)
    .default(8)
    .describe('people in the sum whose pictures are shown, one image each'),
  hidden: z.int().min(8).max(1024).default(256).describe('units of the first dense layer'),
  series: z.boolean().default(true).describe('also the sums of other crowds, for the chart'),
});

const ofCrowd = (clients: number): AttackSwitch => ({
  id: `crowd-${clients}`,
  protection: { masks: true, signature: true },
  settings: { clients },
});

export const crowdSize = {
  name: 'crowd-size',
  seat: 'reads-sum',
  source: 'Elkordy et al. 2023; Phong et al. 2018, section 3',
  seconds: 7,
  settings: crowdSizeSettings,
  quick: { series: false },
  switches: [
    ofCrowd(8),
    ofCrowd(32),
    ofCrowd(128),
    { id: 'none', protection: {}, settings: { clients: 8 } },
    { id: 'sum-noise', protection: { masks: true, signature: true, noise: 0.01 }, settings: { clients: 8 } },
  ],
  cases: [ofCrowd(16), ofCrowd(64)],
  comparisons: [
    { switch: 'crowd-8', figure: 'recovered', value: 0.95, kind: 'least', source: 'the aim' },
    { switch: 'crowd-128', figure: 'recovered', value: 0.1, kind: 'most', source: 'the aim' },
    { switch: 'crowd-16', figure: 'recovered', value: 0.62, kind: 'about', source: 'an earlier measurement' },
    { switch: 'crowd-32', figure: 'recovered', value: 0.22, kind: 'about', source: 'an earlier measurement' },
  ],
  targets: ['fresh'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
