/**
 * A compute process: loads its data, plans the model, then trains and evaluates what it is sent, one job at a time.
 * Ends when its parent does.
 */
import { constants, setPriority } from 'node:os';
import { withTraining } from '../../core/datasets/added.ts';
import type { TrainableModel } from '../../core/model/engine.ts';
import { carryOutAttack, prepareAttack } from '../attacks/carry-out.ts';
import { loadDataset } from '../data/load.ts';
import { toPlainError, type Assignment, type Job, type JobResult, type ToProcess } from './channel.ts';
import { loadEngine } from './engines.ts';
import { meetOwner } from './owner.ts';

/** How often progress is told, and how often a training process sees whether its parent still lives. */
const progressEveryMs = 250;
const parentPid = process.ppid;

function giveWay(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // a system that does not allow it trains at full speed
  }
}

async function plan({ engine, dataset, added, topology, batchSize }: Assignment): Promise<TrainableModel> {
  const given = typeof dataset === 'string' ? loadDataset(dataset) : dataset;
  const [loaded, data] = await Promise.all([loadEngine(engine), given]);
  return loaded.plan(topology, withTraining(data, added), { batchSize });
}

async function run(model: TrainableModel, id: number, job: Job): Promise<JobResult> {
  if (job.kind === 'evaluate') return { kind: 'evaluated', result: await model.evaluate(job.task) };
  const startedAt = performance.now();
  let toldAt = startedAt;
  const before = process.cpuUsage();
  const result = await model.train(job.task, ({ examplesDone, examplesTotal }) => {
    const now = performance.now();
    if (now - toldAt < progressEveryMs && examplesDone < examplesTotal) return;
    toldAt = now;
    // Training blocks the events of this process, and with them 'disconnect'.
    if (process.ppid !== parentPid) process.exit();
    send({ kind: 'progress', id, examplesDone, examplesTotal });
  });
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - startedAt) / 1000;
  return { kind: 'trained', result, cpuMs: (user + system) / 1000, seconds };
}

let planned: Promise<TrainableModel> = Promise.reject(new Error('a job came before the assignment'));
planned.catch(() => undefined);
let previous: Promise<void> = Promise.resolve();

async function carryOut(id: number, job: Job): Promise<void> {
  try {
    send({ kind: 'done', id, result: await run(await planned, id, job) });
  } catch (error) {
    send({ kind: 'failed', id, error: toPlainError(error) });
  }
}

const send = meetOwner((message: ToProcess) => {
  if (message.kind === 'assignment') {
    if (message.background) giveWay();
    planned = plan(message);
    planned.catch(() => undefined); // the first job tells it
  } else if (message.kind === 'prepare-attack' || message.kind === 'attack') {
    if (message.background) giveWay();
    if (message.kind === 'attack') void carryOutAttack(message, send);
    else void prepareAttack(message);
  } else previous = previous.then(() => carryOut(message.id, message.job));
});
// Ctrl-C reaches every process of a terminal; the parent decides what it means.
process.on('SIGINT', () => undefined);
