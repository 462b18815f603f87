/** Attacks in real processes: what they tell, how they are given up, what is said when they die. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attackSettings } from '../../../core/attacks/run-attack.ts';
import type { AttackStep } from '../../../core/contract/attacks/attack-report.ts';
import { unprotected } from '../../../core/contract/attacks/attack-request.ts';
import { attackCatalogue } from '../../../core/contract/attacks/catalogue.ts';
import { freshTarget } from '../../../main/attacks/material.ts';
import {
  AttackStopped,
  prepareAttackProcess,
  runAttackProcess,
} from '../../../main/attacks/run-attack-process.ts';
import type { AttackJob } from '../../../main/compute/channel.ts';

const attack = 'backdoor';
const job: AttackJob = {
  kind: 'attack',
  attack,
  settings: attackSettings({ attack, settings: { ...attackCatalogue[attack].quick } }),
  protection: unprotected,
  seed: 1,
  material: freshTarget.material,
  dataset: 'mnist',
  engine: undefined,
  speeds: undefined,
  background: false,
};

function lives(pid: number | undefined): boolean {
  assert.ok(pid !== undefined);
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves with the first steps, rejects where there will be none. */
function watched() {
  const steps: AttackStep[] = [];
  let tell: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const onSteps = (told: readonly AttackStep[]): void => {
    steps.push(...told);
    tell();
  };
  return { steps, onSteps, first };
}

describe('runAttackProcess()', () => {
  it('tells steps, then what was found, its time and its engine; the process is gone afterwards', async () => {
    const { steps, onSteps } = watched();
    const running = runAttackProcess(job, onSteps);
    const { findings, seconds, engine } = await running.done;
    assert.ok(steps.some(({ kind }) => kind === 'progress') && steps.some(({ kind }) => kind === 'images'));
    assert.ok(Object.keys(findings.results).length > 0);
    assert.ok(seconds > 0);
    assert.match(engine, /^compiled \((relaxed )?SIMD\)/);
    await running.stop();
    assert.equal(lives(running.pid), false);
  });

  it('gives the same findings for the same seed', async () => {
    const found = await Promise.all(
      [1, 1, 2].map((seed) => runAttackProcess({ ...job, seed }, () => undefined).done),
    );
    assert.deepEqual(found[0]!.findings, found[1]!.findings);
    assert.notDeepEqual(found[0]!.findings, found[2]!.findings);
  });

  it('is given up at once: nothing more is told, and the process is gone', async () => {
    const { steps, onSteps, first } = watched();
    const running = runAttackProcess(job, onSteps);
    await first;
    const told = steps.length;
    const stopped = assert.rejects(running.done, AttackStopped);
    await running.stop();
    await stopped;
    assert.equal(lives(running.pid), false);
    assert.equal(steps.length, told);
  });

  it('says so where its process dies', async () => {
    const { onSteps, first } = watched();
    const running = runAttackProcess(job, onSteps);
    await first;
    process.kill(running.pid!, 'SIGKILL');
    await assert.rejects(running.done, { code: 'attack-died', details: { reason: 'SIGKILL' } });
  });

  it('carries across what cannot be loaded, as it was', async () => {
    const missing = runAttackProcess({ ...job, dataset: '/there/is/no/such/folder' }, () => undefined);
    await assert.rejects(missing.done, { code: 'file-not-found', blame: 'user' });
    await missing.stop();
    assert.equal(lives(missing.pid), false);
  });
});

describe('prepareAttackProcess()', () => {
  it('runs an attack as a new process does', async () => {
    const spare = prepareAttackProcess({
      dataset: 'mnist',
      engine: undefined,
      speeds: undefined,
      background: false,
    });
    assert.equal(spare.waits, true);
    const running = spare.run(job, () => undefined);
    assert.equal(spare.waits, false);
    const prepared = await running.done;
    const fresh = await runAttackProcess(job, () => undefined).done;
    assert.deepEqual(prepared.findings, fresh.findings);
  });

  it('waits no more once its process has ended', async () => {
    const spare = prepareAttackProcess({
      dataset: 'mnist',
      engine: undefined,
      speeds: undefined,
      background: false,
    });
    await spare.end();
    assert.equal(spare.waits, false);
  });
});
