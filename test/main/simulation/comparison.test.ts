/** The three-way table, on small data with a small model. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { ComparisonResult } from '../../../core/contract/run-result.ts';
import { runSettingsSchema, type RunSettings } from '../../../core/contract/run-settings.ts';
import { runComparison } from '../../../main/simulation/comparison.ts';
import { openWorkbench } from '../../../main/simulation/open-workbench.ts';
import { CancelledError, type ExperimentProgress } from '../../../main/simulation/progress.ts';
import { writeSmallData } from '../compute/small-data.ts';

let folder = '';

async function compare(
  settings: Partial<RunSettings>,
  cancelAt: (progress: ExperimentProgress) => boolean = () => false,
): Promise<ComparisonResult> {
  const small = {
    dataset: folder,
    clients: 3,
    rounds: 2,
    model: 'cnn-light',
    examplesPerClient: 40,
    processes: 2,
  };
  const bench = await openWorkbench(runSettingsSchema.parse({ ...small, ...settings }), () => undefined);
  const controller = new AbortController();
  try {
    return await runComparison(bench, {
      version: 'test',
      signal: controller.signal,
      onProgress: (progress) => {
        if (cancelAt(progress)) controller.abort();
      },
    });
  } finally {
    await bench.pool.close();
  }
}

const names = ({ rows }: ComparisonResult): string[] => rows.map(({ name }) => name);

describe('runComparison()', () => {
  before(async () => {
    folder = await writeSmallData();
  });
  after(() => rm(folder, { recursive: true }));

  it('trains every row with the loss that was chosen', async () => {
    const [plain, other] = [await compare({}), await compare({ loss: 'squared-error' })];
    for (const [index, { name, curve }] of other.rows.entries())
      assert.notDeepEqual(curve, plain.rows[index]!.curve, name);
  });

  it('has three rows, each with as many epochs as the others', async () => {
    const result = await compare({});
    assert.deepEqual(names(result), ['centralised', 'single-client', 'federated']);
    assert.deepEqual(
      result.rows.map(({ examples, curve }) => [examples, curve.length]),
      [
        [120, 2],
        [40, 2],
        [120, 2],
      ],
    );
    assert.equal(result.rows[2]!.accuracy, result.simulation.final.accuracy);
  });

  it('keeps the rows that are finished when it is cancelled before a round', async () => {
    const result = await compare({}, ({ kind }) => kind === 'identities');
    assert.deepEqual(names(result), ['centralised', 'single-client']);
    assert.equal(result.simulation.ended, 'cancelled');
    assert.deepEqual(result.simulation.rounds, []);
  });

  it('has nothing to keep when it is cancelled before a row is finished', async () => {
    const first = compare({ epochs: 100 }, ({ kind }) => kind === 'training');
    await assert.rejects(first, CancelledError);
  });

  it('shows no federated row when the federation aborts before its first round ends', async () => {
    const result = await compare({ drop: 0.67 });
    assert.deepEqual(names(result), ['centralised', 'single-client']);
    assert.equal(result.simulation.aborted?.reason, 'below-threshold');
  });
});
