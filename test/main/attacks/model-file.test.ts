import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type SessionPlan, sessionPlanSchema } from '../../../core/contract/session-plan.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { modelSha256 } from '../../../core/model/model-hash.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { readTrainedModel } from '../../../main/attacks/model-file.ts';
import { writeModel } from '../../../main/session/write-model.ts';
import { sessionRow } from '../storage/store-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'masquerade-model-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const classNames = Array.from({ length: 10 }, (_, index) => String(index));
const shape = { height: 28, width: 28, channels: 1 } as const;
const none = new Uint8Array(0);
const images = { images: none, labels: none, count: 0, ...shape };
const mnist = { train: images, classNames };
const topology = presetTopology('mlp', { ...shape, classes: 10 });
const weights = initialWeights(topology, 3);
const plan: SessionPlan = {
  version: 1,
  title: 'Test',
  settings: sessionPlanSchema.shape.settings.parse({}),
  data: { mode: 'dealt', name: 'MNIST', digest: '', classNames, ...shape },
  model: { name: 'mlp', topology },
  demonstration: false,
};

/** As `sessions export` writes it. */
async function exported(): Promise<string> {
  const round = { modelHash: 'aa', round: 1 };
  const source = {
    roundSummaries: () => [round] as never,
    model: () => weights,
  };
  const files = await writeModel(source, sessionRow({ plan: JSON.stringify(plan) }), folder);
  return files!.model;
}

function changed(path: string, change: (manifest: Record<string, never>) => void): string {
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, never>;
  change(manifest);
  const other = join(folder, 'changed.json');
  writeFileSync(other, JSON.stringify(manifest));
  return other;
}

describe('readTrainedModel()', () => {
  it('reads what an export wrote, bit for bit', async () => {
    const model = await readTrainedModel(await exported(), mnist);
    assert.deepEqual(model.weights, weights);
    assert.equal(modelSha256(model.topology, model.weights), modelSha256(topology, weights));
  });

  it('refuses a model of other images, other classes, or whose weights are not those of its layers', async () => {
    const path = await exported();
    await assert.rejects(readTrainedModel(path, { train: { ...images, height: 32 }, classNames }), {
      code: 'model-does-not-fit',
    });
    await assert.rejects(readTrainedModel(path, { train: images, classNames: ['a', 'b'] }), {
      code: 'model-does-not-fit',
    });
    interface Weight {
      shape: number[];
      dtype: string;
    }
    const first = (manifest: Record<string, never>): Weight =>
      (manifest['weightsManifest'] as unknown as { weights: Weight[] }[])[0]!.weights[0]!;
    const turned = changed(path, (manifest) => {
      first(manifest).shape.reverse();
    });
    await assert.rejects(readTrainedModel(turned, mnist), { code: 'model-does-not-fit' });
    const halves = changed(path, (manifest) => {
      first(manifest).dtype = 'float16';
    });
    await assert.rejects(readTrainedModel(halves, mnist), { code: 'model-unreadable' });
    const elsewhere = changed(path, (manifest) => {
      (manifest['weightsManifest'] as unknown as { paths: string[] }[])[0]!.paths = ['../../etc/passwd'];
    });
    await assert.rejects(readTrainedModel(elsewhere, mnist), { code: 'model-unreadable' });
  });

  it('refuses weights that are cut short or missing, and a file without weights, naming the path', async () => {
    const path = await exported();
    const weightsPath = join(folder, 'weights.bin');
    writeFileSync(weightsPath, readFileSync(weightsPath).subarray(0, 1000));
    await assert.rejects(readTrainedModel(path, mnist), { code: 'model-unreadable', message: /are 1000/ });
    rmSync(weightsPath);
    await assert.rejects(readTrainedModel(path, mnist), { code: 'file-not-found', message: /weights\.bin/ });
    const bare = join(folder, 'bare.json');
    writeFileSync(bare, JSON.stringify(topology));
    await assert.rejects(readTrainedModel(bare, mnist), { code: 'model-unreadable' });
    await assert.rejects(readTrainedModel(join(folder, 'none.json'), mnist), { code: 'file-not-found' });
  });
});
