import { z } from 'zod';
import type { AttackDescription, AttackSwitch } from './description.ts';

/** Shares of the chart. */
export const keptShares = [1, 0.1, 0.05, 0.01] as const;

export const pruningSettings = z.strictObject({
  keep: z
    .number()
    .min(0.001)
    .max(1)
    .default(0.1)
    .describe('share of the update that is sent: its largest values'),
  clients: z.int().min(1).max(32).default(8).describe('people under attack, one image each'),
  hidden: z.int().min(8).max(1024).default(256).describe('units of the first dense layer'),
  series: z.boolean().default(true).describe('also the other shares, for the chart'),
});

const keeping = (percent: number): AttackSwitch => ({
  id: `keep-${percent}`,
  protection: {},
  settings: { keep: percent / 100 },
});

export const pruning = {
  name: 'pruning',
  seat: 'reads-update',
  source: 'Zhu, Liu, Han 2019, section 5.2; Phong et al. 2018, section 3',
  seconds: 4,
  settings: pruningSettings,
  quick: { clients: 2, series: false },
  switches: [
    keeping(10),
    keeping(5),
    keeping(1),
    { id: 'keep-all', protection: {}, settings: { keep: 1 } },
    { id: 'masks', protection: { masks: true, signature: true }, settings: {} },
  ],
  comparisons: [
    { switch: 'keep-10', figure: 'psnr', value: 71, kind: 'about', source: 'an earlier measurement' },
    { switch: 'keep-5', figure: 'psnr', value: 38, kind: 'about', source: 'an earlier measurement' },
    { switch: 'keep-1', figure: 'psnr', value: 19, kind: 'about', source: 'an earlier measurement' },
  ],
  targets: ['fresh'],
  axis: { metric: 'psnr', from: 0, to: 80, threshold: 25 },
} satisfies AttackDescription;
