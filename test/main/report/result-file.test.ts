import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FederationError } from '../../../core/errors/federation-error.ts';
import { parseResultJson, resultJson } from '../../../main/report/result-file.ts';
import { sampleComparison, sampleNoised, sampleSimulation } from './sample-results.ts';

function refusal(json: string): string {
  try {
    parseResultJson(json, 'result.json');
  } catch (error) {
    assert.ok(error instanceof FederationError);
    assert.equal(error.code, 'file-unreadable');
    return error.message;
  }
  assert.fail('was accepted');
}

describe('parseResultJson()', () => {
  it('reads back what resultJson() wrote', () => {
    for (const result of [
      sampleComparison(),
      sampleSimulation({ roundsDone: 2, ended: 'cancelled', settings: { drop: 0.1 } }),
      sampleNoised({ settings: { privacyBudget: 50, adaptiveClipping: true } }),
    ])
      assert.deepEqual(parseResultJson(resultJson(result), 'result.json'), result);
  });

  it('reads a result from before losses could be chosen as one of the cross-entropy', () => {
    const result = sampleSimulation();
    const { loss: _, labelSmoothing: __, focalGamma: ___, ...settings } = result.settings;
    assert.deepEqual(parseResultJson(JSON.stringify({ ...result, settings }), 'result.json'), result);
    assert.equal(result.settings.loss, 'cross-entropy');
  });

  it('reads the bare object that --json prints', () => {
    const result = sampleSimulation();
    assert.deepEqual(parseResultJson(JSON.stringify(result), 'result.json'), result);
  });

  it('names the file and what is wrong with it', () => {
    assert.match(refusal('{'), /Cannot read result\.json as a result, as it is not JSON/);
    assert.match(refusal('[]'), /not a result of Masquerade/);
    assert.match(refusal('{"format":"something"}'), /not a result of Masquerade/);
    assert.match(
      refusal('{"format":"masquerade-result","formatVersion":2}'),
      /format version 2 is newer than 1/,
    );
    const result = sampleSimulation();
    assert.match(refusal(JSON.stringify({ ...result, seconds: 'long' })), /its field seconds is wrong/);
    assert.match(
      refusal(JSON.stringify({ ...result, settings: { ...result.settings, clients: 2 } })),
      /field settings\.clients/,
    );
  });

  it('refuses a confusion matrix that does not fit the classes', () => {
    const result = sampleSimulation();
    const json = JSON.stringify({ ...result, dataset: { ...result.dataset, classNames: ['a', 'b'] } });
    assert.match(refusal(json), /confusion matrix of round 1 has 100 cells, and must have 4/);
  });
});
