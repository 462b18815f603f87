import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const crowdSizeSettings = z.strictObject({
  hidden: z.int().min(8).max(1024).default(256).describe('units of the first dense layer'),
});

export const crowdSize = {
  name: 'crowd-size',
  seat: 'reads-sum',
  source: 'Elkordy et al. 2023; Phong et al. 2018',
  seconds: 3,
  settings: crowdSizeSettings,
  quick: {},
  switches: [{ id: 'sum', protection: { masks: true, signature: true }, settings: {} }],
  targets: ['fresh'],
  axis: { metric: 'psnr', from: 0, to: 60, threshold: 25 },
} satisfies AttackDescription;
