/** The pool with real processes, some of which are killed. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { constants, getPriority } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { FederationError } from '../../../core/errors/federation-error.ts';
import type { TrainingTask } from '../../../core/model/engine.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { streamState } from '../../../core/random/stream.ts';
import { loadEngine } from '../../../main/compute/engines.ts';
import { createComputePool, type ComputePool, type PoolOptions } from '../../../main/compute/pool.ts';
import { smallData, testCount, writeSmallData } from './small-data.ts';

const topology = presetTopology('cnn-light', smallData);
const weights = initialWeights(topology, 1);
let folder = '';

async function openPool(options: Partial<PoolOptions> = {}): Promise<ComputePool> {
  const engine = options.engine ?? (await loadEngine('compiled'));
  return createComputePool({
    processes: 1,
    dataset: folder,
    testCount,
    topology,
    engine,
    batchSize: 32,
    ...options,
  });
}

/** Some 5 ms of training per epoch. */
function task(client: number, epochs = 1, changes: Partial<TrainingTask> = {}): TrainingTask {
  return {
    weights,
    indices: Uint32Array.from({ length: 100 }, (_, index) => (client * 37 + index) % 400),
    epochs,
    batchSize: 32,
    optimiser: { kind: 'adam', learningRate: 0.001 },
    proximalMu: 0,
    shuffleState: streamState(1, 'shuffle', client, 1),
    dropoutState: streamState(1, 'dropout', client, 1),
    ...changes,
  };
}
/** Long enough for progress to be told before it ends. */
const longTask = task(1, 300);
const endless = task(1, 1_000_000);

async function untilGone(pids: readonly number[]): Promise<void> {
  for (const pid of pids)
    for (;;) {
      try {
        process.kill(pid, 0);
      } catch {
        break;
      }
      await wait(20);
    }
}

describe('createComputePool()', () => {
  before(async () => {
    folder = await writeSmallData();
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('gives the same weights and sums, bit for bit, for one process and for three', async () => {
    const results = [];
    for (const processes of [1, 3]) {
      const pool = await openPool({ processes });
      assert.equal(pool.processes, processes);
      assert.equal(new Set(pool.pids).size, processes);
      const reports = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((client) => pool.train(task(client))));
      for (const { cpuMs, seconds } of reports) assert.ok(cpuMs > 0 && seconds > 0);
      const trained = reports.map(({ result }) => result);
      results.push({ trained, evaluation: await pool.evaluate(trained[0]!.weights) });
      await pool.close();
    }
    const [one, three] = results;
    assert.deepEqual(three, one);
    assert.equal(one?.evaluation.count, testCount);
    assert.equal(
      one.evaluation.confusion.reduce((sum, cases) => sum + cases, 0),
      testCount,
    );
  });

  it('gives way to what a person sees where it is told to, and only there', async () => {
    for (const background of [false, true]) {
      const pool = await openPool({ background });
      await pool.train(task(1));
      const [pid] = pool.pids;
      const own = getPriority();
      assert.equal(
        getPriority(pid),
        background ? Math.max(own, constants.priority.PRIORITY_BELOW_NORMAL) : own,
      );
      await pool.close();
    }
  });

  it('begins the longest of the jobs that wait first', async () => {
    const pool = await openPool();
    const done: number[] = [];
    const epochs = [2, 1, 4, 3, 4];
    await Promise.all(
      epochs.map((count, index) => pool.train(task(index, count)).then(() => done.push(index))),
    );
    assert.deepEqual(done, [2, 4, 3, 0, 1]);
    await pool.close();
  });

  it('gives what waits behind a long job to whoever has nothing left to do', async () => {
    const pool = await openPool({ processes: 2 });
    const done: string[] = [];
    const run = async (name: string, epochs: number): Promise<number> => {
      const { result } = await pool.train(task(1, epochs));
      done.push(name);
      return result.steps;
    };
    // both processes have loaded their data
    await Promise.all([run('first', 1), run('second', 1)]);
    done.length = 0;
    // the third is sent to the process that is at work on the longest
    const steps = await Promise.all([run('long', 400), run('short', 20), run('waiting', 10)]);
    assert.deepEqual(done, ['short', 'waiting', 'long']);
    assert.deepEqual(steps, [1600, 80, 40]);
    assert.equal((await pool.train(task(2))).result.examples, 100);
    await pool.close();
  });

  it('cancels a job that was taken over, and goes on with the others', async () => {
    const pool = await openPool({ processes: 2 });
    const controller = new AbortController();
    const long = pool.train(task(1, 400));
    const short = pool.train(task(2, 20));
    const cancelled = pool.train(task(3, 10), { signal: controller.signal });
    const rejected = assert.rejects(cancelled, /enough/);
    await short;
    // by now it is another process's
    await wait(2);
    controller.abort(new Error('enough'));
    await rejected;
    assert.equal((await long).result.steps, 1600);
    assert.equal((await pool.train(task(2))).result.examples, 100);
    await pool.close();
  });

  it('works through jobs of a length in the order in which they were asked for', async () => {
    const pool = await openPool();
    const done: number[] = [];
    await Promise.all([1, 2, 3, 4].map((client) => pool.train(task(client)).then(() => done.push(client))));
    assert.deepEqual(done, [1, 2, 3, 4]);
    await pool.close();
  });

  it('replaces a process that is killed at work and gives the same result', async () => {
    const replaced: string[] = [];
    const pool = await openPool({ processes: 2, onReplaced: (reason) => replaced.push(reason) });
    const undisturbed = await pool.train(longTask);
    let killed = 0;
    const jobs = [1, 2, 3, 4].map((client) =>
      pool.train(client === 1 ? longTask : task(client, 20), {
        onProgress: () => {
          if (client !== 1 || killed > 0) return;
          killed = pool.pids.length;
          for (const pid of pool.pids) process.kill(pid, 'SIGKILL');
        },
      }),
    );
    const [disturbed, ...others] = await Promise.all(jobs);
    assert.equal(killed, 2);
    assert.ok(replaced.length >= 1 && replaced.every((reason) => reason === 'SIGKILL'), replaced.join());
    assert.deepEqual(disturbed?.result, undisturbed.result);
    for (const [index, { result }] of others.entries())
      assert.deepEqual(result, (await pool.train(task(index + 2, 20))).result);
    await pool.close();
  });

  it('gives a job up when three processes have died over it, and goes on with the others', async () => {
    const pool = await openPool();
    const dying = pool.train(longTask, {
      onProgress: () => {
        for (const pid of pool.pids) process.kill(pid, 'SIGKILL');
      },
    });
    const waiting = pool.train(task(2));
    await assert.rejects(dying, (error) => {
      assert.ok(error instanceof FederationError && error.code === 'compute-failed');
      assert.deepEqual(error.details, { deaths: 3, reason: 'SIGKILL' });
      return true;
    });
    assert.equal((await waiting).result.examples, 100);
    await pool.close();
  });

  it('cancels what runs and what waits, and takes jobs afterwards', async () => {
    const pool = await openPool();
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = pool.train(endless, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort(reason);
      },
    });
    const held = pool.train(endless, { signal: controller.signal });
    const queued = pool.train(endless, { signal: controller.signal });
    const evaluation = pool.evaluate(weights, { signal: controller.signal });
    const unconcerned = pool.train(task(2));
    const settled = await Promise.allSettled([running, held, queued, evaluation]);
    for (const result of settled) assert.deepEqual(result, { status: 'rejected', reason });
    await assert.rejects(pool.train(task(3), { signal: controller.signal }), reason);
    assert.deepEqual((await unconcerned).result, (await pool.train(task(2))).result);
    await pool.close();
  });

  it('ends its processes when it is closed, and rejects what is not done', async () => {
    const pool = await openPool({ processes: 2 });
    const { pids } = pool;
    const undone = [1, 2, 3, 4, 5].map(() => pool.train(endless));
    const settled = Promise.allSettled(undone);
    await pool.close();
    assert.ok((await settled).every(({ status }) => status === 'rejected'));
    await untilGone(pids);
    await assert.rejects(pool.train(task(1)), /the pool is closed/);
    await pool.close();
  });

  it('carries errors across as they were', async () => {
    const missing = await openPool({ dataset: `${folder}/nowhere` });
    await assert.rejects(
      missing.train(task(1)),
      (error) =>
        error instanceof FederationError && error.code === 'file-not-found' && error.blame === 'user',
    );
    await missing.close();

    const pool = await openPool();
    const wild = task(1, 5, { optimiser: { kind: 'sgd', learningRate: 10, momentum: 0.9 } });
    const diverging = { ...wild, weights: weights.map((value) => value * 1e18) };
    await assert.rejects(
      pool.train(diverging),
      (error) =>
        error instanceof FederationError && error.code === 'training-diverged' && error.details !== undefined,
    );
    await assert.rejects(pool.train(task(1, 0)), { code: 'invalid-setting', message: /epochs/ });
    await assert.rejects(pool.evaluate(new Float32Array(3)), { code: 'internal' });
    assert.equal((await pool.train(task(1))).result.examples, 100);
    await pool.close();
  });

  it('trains on the wasm engine in processes of their own, too', async () => {
    const engine = await loadEngine('wasm');
    const results = [];
    for (const processes of [1, 2]) {
      const pool = await openPool({ processes, engine });
      const [first] = await Promise.all([pool.train(task(1)), pool.train(task(2))]);
      results.push({ first: first.result, evaluation: await pool.evaluate(first.result.weights) });
      await pool.close();
    }
    assert.deepEqual(results[1], results[0]);
  });

  it('leaves no process behind when its own process is killed at work', async () => {
    const parent = fork(new URL('./pool-owner.ts', import.meta.url), [folder], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const pids = await new Promise<number[]>((resolve) => {
      parent.once('message', (message) => {
        resolve(message as number[]);
      });
    });
    assert.equal(pids.length, 2);
    parent.kill('SIGKILL');
    await untilGone(pids);
  });
});
