/** The pool over ports, as under Electron: its processes are worker threads here, started by a stand-in for main. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import type { TrainingTask } from '../../../core/model/engine.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { streamState } from '../../../core/random/stream.ts';
import type { FromProcess } from '../../../main/compute/channel.ts';
import { useComputeLauncher } from '../../../main/compute/compute-process.ts';
import { loadEngine } from '../../../main/compute/engines.ts';
import { createComputePool } from '../../../main/compute/pool.ts';
import {
  type ComputeRequest,
  createPortLauncher,
  type PortLauncher,
} from '../../../main/compute/port-launcher.ts';
import {
  asElectronPort,
  openChannel,
  postWithPorts,
  startUtilityThread,
} from '../../support/electron-ports.ts';
import { fakePort } from '../../support/fake-port.ts';
import { smallData, testCount, writeSmallData } from './small-data.ts';

const workerFile = new URL('../../../main/compute/worker.ts', import.meta.url);

const job = {
  kind: 'job',
  id: 1,
  job: { kind: 'evaluate', weights: new Float32Array(1), parts: [{ start: 0, end: 1 }] },
} as const;

describe('createPortLauncher()', () => {
  it('asks for a process, keeps what is said before its port is there, and tells what comes over it', () => {
    const asked: ComputeRequest[] = [];
    const launcher = createPortLauncher((request) => asked.push(request));
    const heard: FromProcess[] = [];
    const first = launcher.launch((message) => heard.push(message));
    launcher.launch(() => assert.fail('the other process said nothing'));
    assert.deepEqual(asked, [
      { kind: 'start-compute', id: 1 },
      { kind: 'start-compute', id: 2 },
    ]);
    first.send(job);
    const port = fakePort();
    launcher.received({ kind: 'compute-port', id: 1 }, port);
    assert.deepEqual(port.sent, [job]);
    assert.equal(first.pid, undefined);
    launcher.received({ kind: 'compute-spawned', id: 1, pid: 4711 });
    assert.equal(first.pid, 4711);
    port.say({ kind: 'progress', id: 1, examplesDone: 1, examplesTotal: 2 });
    assert.deepEqual(heard, [{ kind: 'progress', id: 1, examplesDone: 1, examplesTotal: 2 }]);
  });

  it('ends a process once, whatever is said to it afterwards', async () => {
    const asked: ComputeRequest[] = [];
    const launcher = createPortLauncher((request) => asked.push(request));
    const started = launcher.launch(() => undefined);
    const port = fakePort();
    launcher.received({ kind: 'compute-port', id: 1 }, port);
    started.kill();
    assert.deepEqual(asked.at(-1), { kind: 'kill-compute', id: 1 });
    launcher.received({ kind: 'compute-ended', id: 1, how: 'exit code 9' });
    assert.equal(await started.ended, 'exit code 9');
    assert.ok(port.isClosed);
    assert.equal(started.pid, undefined);
    started.send(job);
    started.kill();
    assert.equal(asked.length, 2);
    assert.deepEqual(port.sent, []);
  });

  it('closes a port that comes for a process that has ended', () => {
    const launcher = createPortLauncher(() => undefined);
    launcher.launch(() => undefined);
    launcher.received({ kind: 'compute-ended', id: 1, how: 'it never started' });
    const port = fakePort();
    launcher.received({ kind: 'compute-port', id: 1 }, port);
    assert.ok(port.isClosed);
  });
});

describe('createComputePool() over ports', () => {
  let folder = '';
  let launcher: PortLauncher;
  const threads = new Map<number, Worker>();

  /** What main does when it is asked. */
  function carryOut({ kind, id }: ComputeRequest): void {
    if (kind === 'kill-compute') return void threads.get(id)?.terminate();
    const thread = startUtilityThread(workerFile);
    threads.set(id, thread);
    const { port1, port2 } = openChannel();
    postWithPorts(thread, { kind: 'owner' }, [port1]);
    launcher.received({ kind: 'compute-port', id }, asElectronPort(port2));
    thread.once('exit', (code) => {
      launcher.received({ kind: 'compute-ended', id, how: `exit code ${code}` });
    });
  }

  before(async () => {
    folder = await writeSmallData();
    launcher = createPortLauncher((request) => {
      carryOut(request);
    });
    useComputeLauncher(launcher.launch);
  });
  after(async () => {
    await Promise.all([...threads.values()].map((thread) => thread.terminate()));
    await rm(folder, { recursive: true });
  });

  it('trains, evaluates, replaces what died, cancels at once and closes', async () => {
    const topology = presetTopology('cnn-light', smallData);
    const weights = initialWeights(topology, 1);
    const task: TrainingTask = {
      weights,
      indices: Uint32Array.from({ length: 100 }, (_, index) => index),
      epochs: 1,
      batchSize: 32,
      optimiser: { kind: 'adam', learningRate: 0.001 },
      proximalMu: 0,
      shuffleState: streamState(1, 'shuffle', 1, 1),
      dropoutState: streamState(1, 'dropout', 1, 1),
    };
    const replaced: string[] = [];
    const pool = createComputePool({
      processes: 1,
      dataset: folder,
      testCount,
      topology,
      engine: await loadEngine('compiled'),
      batchSize: 32,
      onReplaced: (reason) => replaced.push(reason),
    });
    const { result } = await pool.train(task);
    assert.equal(result.weights.length, weights.length);
    assert.equal(result.weights.buffer.byteLength, result.weights.byteLength);
    const evaluation = await pool.evaluate(result.weights);
    assert.equal(evaluation.count, testCount);

    // dies over a long job: another takes its place
    const long = pool.train({ ...task, epochs: 100 }, { onProgress: () => undefined });
    await threads.get(1)?.terminate();
    assert.equal((await long).result.steps, 400);
    assert.deepEqual(replaced, ['exit code 1']);

    const cancel = new AbortController();
    const cancelled = pool.train(
      { ...task, epochs: 1_000_000 },
      {
        signal: cancel.signal,
        onProgress: () => {
          cancel.abort(new Error('enough'));
        },
      },
    );
    await assert.rejects(cancelled, /enough/);
    await pool.close();
  });
});
