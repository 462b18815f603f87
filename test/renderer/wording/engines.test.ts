import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineUsed, ProcessPlan } from '../../../core/contract/engines.ts';
import { processReasons } from '../../../core/contract/engines.ts';
import { textsOf } from '../../../renderer/messages/translate.ts';
import { engineSentence, processesText } from '../../../renderer/wording/engines.ts';

const english = textsOf('en', 'terminal');
const french = textsOf('fr', 'terminal');
const plan: ProcessPlan = {
  processes: 2,
  reason: 'cores',
  cores: 2,
  freeBytes: 1_250_000_000,
  bytesEach: 410_000_000,
  onBattery: false,
};
const used: EngineUsed = {
  name: 'compiled',
  variant: 'relaxed SIMD',
  processes: 2,
  reason: { kind: 'fastest' },
  speeds: [
    { engine: 'wasm', variant: 'SIMD', imagesPerSecond: 430.4 },
    { engine: 'compiled', variant: 'relaxed SIMD', imagesPerSecond: 5412.2 },
  ],
  plan,
};

describe('engineSentence()', () => {
  it('names the engine, what was measured, the fastest first, and the processes', () => {
    assert.equal(
      engineSentence(used, english),
      'compiled (relaxed SIMD), the fastest here: compiled 5,412, wasm 430 images/s; 2 processes, one a core',
    );
    assert.match(
      engineSentence(used, french),
      /^compiled \(relaxed SIMD\), le plus rapide ici ?: .*wasm 430 images\/s ?; 2 processus, un par cœur$/,
    );
  });

  it('says why it is not the usual one, and nothing of what was not measured', () => {
    for (const speeds of [[], used.speeds!.slice(1)]) {
      const sentence = engineSentence({ ...used, speeds }, english);
      assert.equal(sentence, 'compiled (relaxed SIMD); 2 processes, one a core');
    }
    assert.match(
      engineSentence({ ...used, reason: { kind: 'asked' } }, english),
      /\), as asked; 2 processes/,
    );
    const refused = {
      ...used,
      reason: { kind: 'only', refusal: 'Layer "first" (GRU) is not known' },
    } as const;
    assert.match(
      engineSentence(refused, english),
      /cannot train this model: Layer "first" \(GRU\) is not known;/,
    );
    const { plan: _, ...earlier } = used;
    assert.match(engineSentence(earlier, english), /430 images\/s$/);
  });
});

describe('processesText()', () => {
  it('has words for every reason, in both languages', () => {
    for (const texts of [english, french])
      for (const processes of [1, 3]) {
        const sentences = processReasons.map((reason) =>
          processesText({ ...plan, reason, processes }, texts),
        );
        assert.equal(new Set(sentences).size, processReasons.length);
        for (const sentence of sentences) assert.match(sentence, RegExp(`^${processes} process`));
      }
  });

  it('says how much memory there is, and that the machine runs on its battery', () => {
    assert.equal(
      processesText({ ...plan, reason: 'memory' }, english),
      '2 processes, as 1.25 GB of memory are free and each needs 410 MB',
    );
    assert.match(processesText({ ...plan, onBattery: true }, english), /; on battery$/);
  });
});
