/**
 * A compute process: loads its data, plans the model, then trains and evaluates what it is sent, one job at a time.
 * Ends when its parent does.
 */
import { constants, setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { withTraining } from '../../core/datasets/added.ts';
import type { EvaluationResult, TrainableModel } from '../../core/model/engine.ts';
import type * as Attacks from '../attacks/carry-out.ts';
import { loadDataset } from '../data/load.ts';
import { openMnistRows } from '../data/mnist-rows.ts';
import { toPlainError, type Assignment, type Job, type JobResult, type ToProcess } from './channel.ts';
import { collectGarbage } from './collect-garbage.ts';
import { loadEngine } from './engines.ts';
import { type ImagesAtHand, imagesOnDisk, loadedImages } from './images-at-hand.ts';
import { measureEngines, type MeasureQuestion } from './measure-engines.ts';
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

interface Planned {
  readonly model: TrainableModel;
  readonly images: ImagesAtHand;
}

async function plan({ engine, dataset, added, topology, batchSize }: Assignment): Promise<Planned> {
  const [loaded, images] = await Promise.all([loadEngine(engine), openImages(dataset, added)]);
  return { model: await loaded.plan(topology, images.data, { batchSize }), images };
}

/** MNIST stays on disk: many processes would hold it many times over. */
async function openImages(dataset: Assignment['dataset'], added: Assignment['added']): Promise<ImagesAtHand> {
  if (dataset === 'mnist') return imagesOnDisk(await openMnistRows(), added);
  const data = typeof dataset === 'string' ? await loadDataset(dataset) : dataset;
  return loadedImages(withTraining(data, added));
}

async function run({ model, images }: Planned, id: number, job: Job): Promise<JobResult> {
  if (job.kind === 'evaluate') {
    const { weights, parts } = job;
    const results: EvaluationResult[] = [];
    for (const part of parts) results.push(await model.evaluate(images.forEvaluation({ weights, ...part })));
    return { kind: 'evaluated', results };
  }
  const startedAt = performance.now();
  let toldAt = startedAt;
  const before = process.cpuUsage();
  const result = await model.train(images.forTraining(job.task), ({ examplesDone, examplesTotal }) => {
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

let planned: Promise<Planned> = Promise.reject(new Error('a job came before the assignment'));
planned.catch(() => undefined);
let waiting: { readonly id: number; readonly job: Job }[] = [];
let isWorking = false;

/** Works through what waits; what is taken back while a job is at work is heard of before the next one begins. */
async function work(): Promise<void> {
  if (isWorking) return;
  isWorking = true;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    await carryOut(next.id, next.job);
    // longer than a turn of the event loop, which reads what has come meanwhile
    if (waiting.length > 0) await wait(1);
  }
  isWorking = false;
}

function forget(id: number): void {
  if (!waiting.some((other) => other.id === id)) return;
  waiting = waiting.filter((other) => other.id !== id);
  send({ kind: 'forgotten', id });
}

async function carryOut(id: number, job: Job): Promise<void> {
  try {
    send({ kind: 'done', id, result: await run(await planned, id, job) });
  } catch (error) {
    send({ kind: 'failed', id, error: toPlainError(error) });
  }
  collectGarbage();
}

/** A process that trains for a session needs none of them. */
function attacks(): Promise<typeof Attacks> {
  return import('../attacks/carry-out.ts');
}

async function measure(question: MeasureQuestion): Promise<void> {
  await measureEngines(question, (speed) => {
    send({ kind: 'engine-speed', speed });
  });
  send({ kind: 'engines-measured' });
}

const send = meetOwner((message: ToProcess) => {
  switch (message.kind) {
    case 'assignment':
      if (message.background) giveWay();
      planned = plan(message);
      planned.catch(() => undefined); // the first job tells it
      return;
    case 'prepare-attack':
      if (message.background) giveWay();
      void attacks().then(({ prepareAttack }) => prepareAttack(message));
      return;
    case 'attack':
      if (message.background) giveWay();
      void attacks().then(({ carryOutAttack }) => carryOutAttack(message, send));
      return;
    case 'measure-engines':
      void measure(message.question);
      return;
    case 'job':
      waiting.push(message);
      void work();
      return;
    case 'forget':
      forget(message.id);
  }
});
// Ctrl-C reaches every process of a terminal; the parent decides what it means.
process.on('SIGINT', () => undefined);
