import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const pruningSettings = z.strictObject({
  keep: z.number().min(0.001).max(1).default(0.1).describe('share of the update that is sent'),
});

export const pruning = {
  name: 'pruning',
  seat: 'reads-update',
  source: 'Zhu, Liu, Han 2019, section 5; Phong et al. 2018',
  seconds: 1,
  settings: pruningSettings,
  quick: {},
  switches: [
    { id: 'keep-all', protection: {}, settings: { keep: 1 } },
    { id: 'keep-10', protection: {}, settings: { keep: 0.1 } },
    { id: 'keep-5', protection: {}, settings: { keep: 0.05 } },
    { id: 'keep-1', protection: {}, settings: { keep: 0.01 } },
  ],
  targets: ['fresh'],
  axis: { metric: 'psnr', from: 0, to: 80, threshold: 25 },
} satisfies AttackDescription;
