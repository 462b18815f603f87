/**
 * A compute process: loads its data, plans the model, then trains and evaluates what it is sent, one job at a time.
 * Ends when its parent does.
 */
import { FederationError } from '../../core/errors/federation-error.ts';
import type { TrainableModel } from '../../core/model/engine.ts';
import { loadDataset } from '../data/load.ts';
import type { Assignment, FromProcess, Job, JobResult, PlainError, ToProcess } from './channel.ts';
import { loadEngine } from './engines.ts';

const progressEveryMs = 100;

function send(message: FromProcess): void {
  process.send?.(message);
}

function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { message: String(error), stack: '' };
  const { message, stack = '' } = error;
  if (!(error instanceof FederationError)) return { message, stack };
  const { code, details, blame, action } = error;
  return { message, stack, federation: { code, details, blame, action } };
}

async function plan({ engine, dataset, topology, batchSize }: Assignment): Promise<TrainableModel> {
  const [loaded, data] = await Promise.all([loadEngine(engine), loadDataset(dataset)]);
  return loaded.plan(topology, data, { batchSize });
}

async function run(model: TrainableModel, id: number, job: Job): Promise<JobResult> {
  if (job.kind === 'evaluate') return { kind: 'evaluated', result: await model.evaluate(job.task) };
  let toldAt = performance.now();
  const startedAt = toldAt;
  const cpuBefore = process.cpuUsage();
  const result = await model.train(job.task, ({ examplesDone, examplesTotal }) => {
    const now = performance.now();
    if (now - toldAt < progressEveryMs && examplesDone < examplesTotal) return;
    toldAt = now;
    send({ kind: 'progress', id, examplesDone, examplesTotal });
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    kind: 'trained',
    result,
    cpuMs: (user + system) / 1000,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

let planned: Promise<TrainableModel> | undefined;
let previous: Promise<void> = Promise.resolve();

async function carryOut(id: number, job: Job): Promise<void> {
  try {
    if (!planned) throw new Error('a job came before the assignment');
    send({ kind: 'done', id, result: await run(await planned, id, job) });
  } catch (error) {
    send({ kind: 'failed', id, error: plainError(error) });
  }
}

process.on('message', (message: ToProcess) => {
  if (message.kind === 'assignment') {
    planned = plan(message);
    planned.catch(() => undefined); // told with the first job
  } else previous = previous.then(() => carryOut(message.id, message.job));
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of a terminal; the parent decides what it means.
process.on('SIGINT', () => undefined);
