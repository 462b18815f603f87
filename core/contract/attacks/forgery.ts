import { z } from 'zod';
import type { AttackDescription } from './description.ts';

export const forgerySettings = z.strictObject({
  clients: z.int().min(4).max(20).default(5).describe('clients of the session that is attacked'),
});

export const forgery = {
  name: 'forgery',
  seat: 'cheats',
  source: 'Bonawitz et al. 2017, section 6; Pasquini et al. 2022',
  seconds: 5,
  settings: forgerySettings,
  quick: {},
  switches: [
    { id: 'protected', protection: { signature: true, masks: true }, settings: {} },
    { id: 'unprotected', protection: {}, settings: {} },
  ],
  targets: ['fresh'],
  axis: { metric: 'refused', from: 0, to: 10, threshold: 1 },
} satisfies AttackDescription;
