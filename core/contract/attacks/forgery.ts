import { z } from 'zod';
import type { AttackDescription } from './description.ts';

/** Tricks against which there is a rule, in the order in which they are played: the coordinator's own from 'key-swap' on. */
export const forgeryTricks = [
  'tamper',
  'tamper-model',
  'replay',
  'replay-round',
  'replay-session',
  'stranger',
  'forge',
  'impersonate',
  'second-vector',
  'inflate',
  'key-swap',
  'both-shares',
  'second-sum',
  'claim-dropouts',
  'lower-threshold',
  'weak-plan',
] as const;
export type ForgeryTrick = (typeof forgeryTricks)[number];

export const forgerySettings = z.strictObject({
  clients: z.int().min(4).max(12).default(5).describe('clients of the session that is attacked'),
});

export const forgery = {
  name: 'forgery',
  seat: 'cheats',
  source: 'Bonawitz et al. 2017, section 6; Pasquini et al. 2022',
  seconds: 3,
  settings: forgerySettings,
  quick: {},
  switches: [
    { id: 'protected', protection: { signature: true, masks: true }, settings: {} },
    { id: 'masks-only', protection: { masks: true }, settings: {} },
    { id: 'signature-only', protection: { signature: true }, settings: {} },
    { id: 'unprotected', protection: {}, settings: {} },
  ],
  comparisons: [
    {
      switch: 'protected',
      figure: 'refused',
      value: forgeryTricks.length,
      kind: 'least',
      source: 'the aim: all but a made-up update that is signed correctly',
    },
    {
      switch: 'signature-only',
      figure: 'refused',
      value: forgeryTricks.indexOf('key-swap'),
      kind: 'least',
      source:
        'the aim: every trick that is not the coordinator’s, whom nothing hinders where updates lie open',
    },
  ],
  targets: ['fresh'],
  axis: { metric: 'refused', from: 0, to: forgeryTricks.length, threshold: forgeryTricks.length - 1 },
} satisfies AttackDescription;
