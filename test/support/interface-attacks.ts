/** Attacks on a machine's disk before it is started: made up, but kept and shown as real ones are. */
import type { AttackImage, AttackReport } from '../../core/contract/attacks/attack-report.ts';
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import type { AttackName } from '../../core/contract/attacks/names.ts';
import { type Draft, requestOf, wholeSettings } from '../../renderer/state/lab-requests.ts';
import type { Room } from './interface-machines.ts';

export async function keepAttacks(room: Room, name: string, reports: readonly AttackReport[]): Promise<void> {
  const store = await room.store(name);
  for (const report of reports) store.saveAttack(report);
  store.close();
}

/** A square of 28 x 28 with a lighter one in it, the larger the index. */
function square(
  id: string,
  role: AttackImage['role'],
  index: number,
  about: Partial<AttackImage> = {},
): AttackImage {
  const pixels = new Uint8Array(784);
  const edge = 6 + 2 * index;
  for (let row = 4; row < 4 + edge; row += 1) pixels.fill(230, row * 28 + 4, row * 28 + 4 + edge);
  const shape = { pixels, height: 28, width: 28, channels: 1 };
  return { id, role, index, name: role, label: index, value: null, masked: false, ...shape, ...about };
}

/** What a run of a switch might have left behind; figures are samples. */
export function sampleAttack(
  attack: AttackName,
  id: string,
  changes: Partial<AttackReport> = {},
  draft: Partial<Draft> = {},
): AttackReport {
  const description = attackCatalogue[attack];
  const request = requestOf(description, { target: { kind: 'fresh' }, settings: {}, seed: 1, ...draft }, id);
  const { metric, threshold } = description.axis;
  return {
    version: '0.0.0',
    attack,
    target: { ...request.target, description: 'digits of MNIST' },
    protection: request.protection,
    settings: wholeSettings(description, request.settings),
    seed: request.seed,
    startedAt: new Date(Date.now() - 3_600_000).toISOString(),
    seconds: 1.5,
    engine: 'compiled',
    results: { [metric]: { value: threshold * 2, baselines: { chance: threshold / 10 } } },
    success: true,
    outcome: 'leaks',
    threshold: { metric, value: threshold, side: 'above' },
    gauges: { stopped: 0, epsilon: null, delta: null },
    facts: {},
    images: [],
    series: [],
    rows: [],
    ...changes,
  };
}

/** With pictures: as many private images, their copies, and baselines of the first. */
export function pictured(count: number, values: { readonly value: number; readonly masked?: boolean }) {
  const { value, masked = false } = values;
  const each = Array.from({ length: count }, (_, index) => [
    square(`target-${index}`, 'target', index),
    square(`rebuilt-${index}`, 'rebuilt', index, { value, masked }),
  ]);
  const baselines = (['black', 'globalMean', 'classMean', 'nearestOther'] as const).map((name, index) =>
    square(`${name}-0`, 'baseline', 0, { name, value: 10 + index }),
  );
  return { images: [...each.flat(), ...baselines] } as const;
}
