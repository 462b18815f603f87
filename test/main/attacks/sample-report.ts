/** An attack's report as one might be, without running it: two images, one of them rebuilt. */
import type { AttackImage, AttackReport } from '../../../core/contract/attacks/attack-report.ts';

function image(role: AttackImage['role'], name: string, index: number, value: number | null): AttackImage {
  const pixels = Uint8Array.from({ length: 784 }, (_, at) => (at * 7 + index * 50 + name.length) % 256);
  const shape = { height: 28, width: 28, channels: 1 };
  return {
    id: `${role}-${name}-${index}`,
    role,
    index,
    name,
    pixels,
    ...shape,
    label: 3,
    value,
    masked: false,
  };
}

export function sampleAttack(change: Partial<AttackReport> = {}): AttackReport {
  return {
    version: '1.2.3',
    attack: 'closed-form',
    target: { kind: 'fresh', description: 'MNIST' },
    protection: { signature: false, masks: false, noise: 0 },
    settings: { batch: 2, steps: 1, hidden: 256, optimizer: 'sgd' },
    seed: 1,
    startedAt: '2026-11-26T10:00:00.000Z',
    seconds: 0.75,
    engine: 'compiled (relaxed SIMD)',
    results: {
      recovered: { value: 0.5, interval: [0.1, 0.9], baselines: { nearestOther: 0 } },
      psnr: { value: 33.25, baselines: { black: 9.75, classMean: 13, nearestOther: 16 } },
    },
    success: false,
    outcome: 'partly',
    threshold: { metric: 'recovered', value: 0.9, side: 'above' },
    gauges: { stopped: 0.25, epsilon: null, delta: null },
    facts: { images: 2, recovered: 1, labels: 2 },
    images: [
      image('target', 'target', 0, null),
      image('target', 'target', 1, null),
      image('rebuilt', 'rebuilt', 0, 52.5),
      image('rebuilt', 'rebuilt', 1, 14),
      image('baseline', 'classMean', 0, 13),
    ],
    series: [
      {
        name: 'loss',
        points: [
          [0, 1],
          [1, 0.5],
          [2, 0.25],
        ],
      },
    ],
    rows: [{ name: '8', cells: { recovered: 0.5, refused: false, reason: '<b>x</b>' } }],
    ...change,
  };
}
