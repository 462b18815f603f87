import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeImages, trainJudge, type Judge } from '../../../../core/attacks/metrics/judge.ts';
import { pixelsAt } from '../../../../core/attacks/pictures.ts';
import { loadMnist } from '../../../../main/data/mnist.ts';
import { chooseEngine } from '../../../../main/compute/engines.ts';
import { presetTopology } from '../../../../core/model/presets.ts';
import { modelDataOf } from '../../../../core/attacks/victim.ts';

const mnist = await loadMnist();
const { engine } = await chooseEngine(presetTopology('mlp', modelDataOf(mnist)));

async function judgeFrom(images: number): Promise<{ judge: Judge; progress: number[] }> {
  const training = trainJudge(engine, mnist, {
    from: 50_000,
    to: 50_000 + images,
    without: [50_001, 50_002, 3],
    seed: 1,
    label: 'test',
  });
  const progress: number[] = [];
  for (;;) {
    const step = await training.next();
    if (step.done === true) return { judge: step.value, progress };
    progress.push(step.value);
  }
}

describe('trainJudge()', () => {
  it('learns from its range without the victim’s images, says how far it is, and knows digits', async () => {
    const { judge, progress } = await judgeFrom(6000);
    assert.equal(judge.learntFrom, 5998);
    assert.ok(judge.accuracy > 0.9, String(judge.accuracy));
    assert.deepEqual(
      progress,
      [...progress].sort((one, other) => one - other),
    );
    assert.ok(progress.length > 10);
    assert.equal(progress.at(-1), 1);
    const digits = Array.from({ length: 200 }, (_, index) => pixelsAt(mnist.test, index));
    const judged = await judgeImages(judge, digits, mnist.test.labels);
    assert.ok(judged.share > 0.85 && judged.probability > 0.8);
    // A black image is of no class
    const black = await judgeImages(
      judge,
      [...Array(10).keys()].map(() => new Float32Array(784)),
      [...Array(10).keys()],
    );
    assert.ok(Math.abs(black.probability - 0.1) < 1e-6);
    judge.dispose();
  });
  it('says the same again', async () => {
    const [one, again] = [await judgeFrom(640), await judgeFrom(640)];
    assert.equal(one.judge.accuracy, again.judge.accuracy);
  });
});
