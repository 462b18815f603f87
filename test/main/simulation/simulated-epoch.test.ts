import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { planParameters } from '../../../core/secagg/plan-parameters.ts';
import { openSimulatedEpoch } from '../../../main/simulation/simulated-epoch.ts';

const parameters = planParameters(runSettingsSchema.parse({ clients: 40 }), {
  parameterCount: 10,
  largestCount: 10,
});

it('openSimulatedEpoch() stops making keys when it is cancelled', async () => {
  const controller = new AbortController();
  let made = 0;
  const opened = openSimulatedEpoch(
    parameters,
    2048,
    (done) => {
      made = done;
      if (done === 2) controller.abort(new Error('enough'));
    },
    controller.signal,
  );
  await assert.rejects(opened, /enough/);
  assert.ok(made < 8, `${made} keys were made`);
});
