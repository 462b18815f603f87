/** Models that reach the kernels that only some shapes use: Winograd's tiles, dense layers of several blocks. */
import type { GradientCase } from './gradient-cases.ts';
import { classify, conv, dense, dropout, flatten, pool } from './support.ts';

export const kernelCases: readonly GradientCase[] = [
  {
    name: 'Winograd in tiles of 3 x 3, once overlapping and once exactly, without a pool',
    model: {
      input: [7, 13, 1],
      layers: [conv(16, 3), conv(24, 3, { padding: 'same' }), conv(16, 3), flatten, classify(4)],
    },
    images: 5,
    batch: 5,
  },
  {
    name: 'Winograd in tiles of 2 x 5, pooled, where the pool drops a column',
    model: {
      input: [14, 24, 4],
      layers: [conv(16, 3), pool, conv(24, 3, { padding: 'same' }), pool, flatten, classify(3)],
    },
    images: 3,
    batch: 4,
  },
  {
    name: 'ties in tiles of 4 x 4 and 2 x 5, and where ReLU is exactly at zero',
    model: {
      input: [12, 22, 1],
      layers: [
        conv(16, 3),
        pool,
        conv(16, 3, { padding: 'same', use_bias: false }),
        pool,
        conv(16, 3, { padding: 'same', use_bias: false }),
        flatten,
        classify(3),
      ],
    },
    images: 4,
    batch: 4,
    ties: true,
  },
  {
    name: 'dense layers of several blocks, behind ReLU and behind none',
    model: {
      input: [9, 9, 1],
      layers: [flatten, dense(200), dense(410, 'relu'), dropout(0.5), dense(50, 'relu'), classify(3)],
    },
    images: 6,
    batch: 9,
  },
  {
    name: 'a dense layer of which nearly nothing is left before it',
    model: {
      input: [6, 6, 1],
      layers: [conv(8, 3), flatten, dropout(0.9), dense(12, 'relu'), dropout(0.8), classify(3)],
    },
    images: 3,
    batch: 3,
    deadUnits: true,
  },
];
