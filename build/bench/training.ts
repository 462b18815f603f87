/**
 * Images a second that the engines train, evaluate and differentiate by, on MNIST, with Adam: pinned processes, one on
 * each core. Baseline: the wasm engine in one process, in the same run; PyTorch, too, where it is asked for. Repeats of
 * all contenders alternate, so that a busy moment hits each of them.
 */
import { FederationError } from '../../core/errors/federation-error.ts';
import { parameterCount } from '../../core/model/architecture.ts';
import type { EngineName, ModelTopology } from '../../core/model/engine.ts';
import { loadEngine } from '../../main/compute/engines.ts';
import { mnistFolder } from '../../main/data/mnist.ts';
import { BenchError, median, type BenchPart, type BenchRow } from './table.ts';
import {
  Contender,
  coresToPinTo,
  nodeProgram,
  plainFit,
  pytorchProgram,
  type Program,
  type Work,
} from './training-contender.ts';
import { modelsByLayer, presetModels, type BenchModel } from './training-models.ts';

export interface TrainingOptions {
  readonly repeat: number;
  /** Names of presets, or 'all'. */
  readonly models: readonly string[];
  readonly batches: readonly number[];
  /** A model for every layer in the place of the presets. */
  readonly layers: boolean;
  readonly against: 'pytorch' | undefined;
  /** Only these, and only this work; all where left out. */
  readonly engines: readonly string[] | undefined;
  readonly works: readonly string[] | undefined;
  /** What one repeat of one contender takes of each of its processes' time. */
  readonly seconds: number;
  readonly onProgress: (text: string) => void;
}

/** One kind of process, of which there is one on every core. */
interface Team {
  readonly engines: readonly string[];
  readonly members: readonly Contender[];
}

interface Lane {
  readonly engine: string;
  readonly processes: number;
  readonly work: Work;
  readonly members: readonly Contender[];
  /** Of one repeat in each process, so that it takes about as long as the others'. */
  images: number;
  readonly rates: Rate[];
}

/** Images of all processes together, in a second by the clock and in one of each process's own processor time. */
interface Rate {
  readonly byClock: number;
  readonly byProcessor: number;
}

interface Scene extends BenchModel {
  readonly batch: number;
}

/** A contender is warmed up for so much of what a repeat takes. */
const warmUpShare = 0.6;
const baseline = 'wasm';
const rival = 'pytorch';

/** Throws BenchError where PyTorch is asked for and cannot be had, and for a model of another name. */
export async function benchTraining(options: TrainingOptions): Promise<BenchPart> {
  const { layers, batches } = options;
  const models = layers ? modelsByLayer() : presetModels(options.models);
  const teams = await gather(options);
  try {
    const rows: BenchRow[] = [];
    for (const model of models)
      for (const batch of batches) {
        const scene = { ...model, batch };
        const lanes = await prepareLanes(scene, teams, options);
        if (!lanes.some(({ engine }) => engine === 'compiled')) continue;
        await measure(scene, lanes, options);
        rows.push(...lanes.map((lane) => rowOf(scene, lane, lanes)));
      }
    return { name: partName(options, models), about: aboutOf(options), rows };
  } finally {
    for (const { members } of teams) for (const member of members) member.close();
  }
}

/** Images a second of PyTorch's defaults on all cores, with the CNN and batches of 32. Throws BenchError without PyTorch. */
export async function measurePytorch(onProgress: (text: string) => void): Promise<number> {
  const members = coresToPinTo().map((core) => new Contender(pytorchProgram(mnistFolder()!), core));
  try {
    await members[0]!.greeting.catch((error: unknown) => {
      throw pytorchMissing(error);
    });
    const scene = { ...presetModels(['cnn'])[0]!, batch: 32 };
    const { topology, batch } = scene;
    for (const member of members) await member.ask({ kind: 'prepare', engine: rival, topology, batch });
    const lane = laneOf(rival, 'train', members);
    await measure(scene, [lane], { repeat: 5, seconds: 1, onProgress });
    return median(lane.rates.map(({ byClock }) => byClock));
  } finally {
    for (const member of members) member.close();
  }
}

/** The page has a table for each. */
function partName({ layers, batches }: TrainingOptions, models: readonly BenchModel[]): string {
  if (layers) return 'training-layers';
  if (models.length > 1) return 'training-models';
  return batches.length > 1 ? 'training-batches' : 'training';
}

function aboutOf({ repeat, against }: TrainingOptions): string {
  const also = against === undefined ? '' : "; ratioToPytorch: to PyTorch's defaults on as many cores";
  return `MNIST, Adam, one pinned process a core, medians of ${repeat} runs, slowest, fastest and ratios by processor time; baseline: ${baseline} in one process${also}.`;
}

/** Starts all processes, which load their data side by side. */
async function gather({ against, engines, onProgress }: TrainingOptions): Promise<Team[]> {
  const wanted = (engine: string): boolean => engines?.includes(engine) ?? true;
  const cores = coresToPinTo();
  const team = (program: Program, engines: readonly string[], count = cores.length): Team => ({
    engines,
    members: cores.slice(0, count).map((core) => new Contender(program, core)),
  });
  const teams = [team(nodeProgram, ['compiled'])];
  if (wanted(baseline)) teams.unshift(team(nodeProgram, [baseline], 1));
  if (await isThere('tensorflow')) {
    if (wanted('tensorflow')) teams.push(team(nodeProgram, ['tensorflow']));
    if (wanted(plainFit)) teams.push(team(nodeProgram, [plainFit], 1));
  } else if (wanted('tensorflow'))
    onProgress(
      'training: the engine tensorflow is not set up here (npm run engine:tensorflow), and left out',
    );
  if (against === 'pytorch') {
    const pytorch = team(pytorchProgram(mnistFolder()!), [rival, ...['pytorch-tuned'].filter(wanted)]);
    teams.push(pytorch);
    try {
      onProgress(`training: against ${await pytorch.members[0]!.greeting}`);
    } catch (error) {
      for (const { members } of teams) for (const member of members) member.close();
      throw pytorchMissing(error);
    }
  }
  return teams;
}

async function isThere(engine: EngineName): Promise<boolean> {
  try {
    await loadEngine(engine);
    return true;
  } catch (error) {
    if (error instanceof FederationError && error.code === 'engine-missing') return false;
    throw error;
  }
}

function pytorchMissing(cause: unknown): BenchError {
  const python = process.env['PYTHON'] ?? 'python3';
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BenchError(
    `Cannot compare with PyTorch, as ${python} cannot run it: ${reason}. Install it (python3 -m venv FOLDER; FOLDER/bin/pip install torch numpy), then run the same command with PYTHON=FOLDER/bin/python in front.`,
    { cause },
  );
}

/** Binds the processes to the model; an engine that cannot train it is left out, and said. */
async function prepareLanes(
  { name, topology, batch }: Scene,
  teams: readonly Team[],
  { layers, works, onProgress }: TrainingOptions,
): Promise<Lane[]> {
  const lanes: Lane[] = [];
  const expected = countOrRefusal(topology);
  if (typeof expected === 'string') {
    onProgress(`training: ${name} is left out: ${expected}`);
    return lanes;
  }
  for (const { engines, members } of teams)
    for (const engine of engines) {
      try {
        for (const member of members) {
          const { parameters } = await member.ask({ kind: 'prepare', engine, topology, batch });
          if (parameters !== expected) throw new Error(`${parameters} parameters, not ${expected}`);
        }
      } catch (error) {
        onProgress(`training: ${engine} is left out of ${name}: ${(error as Error).message}`);
        continue;
      }
      const own = lanesOf(engine, layers ? members.slice(0, 1) : members);
      lanes.push(...own.filter(({ work }) => works?.includes(work) ?? true));
    }
  return lanes;
}

/** How many parameters the model has, or why no engine trains it. */
function countOrRefusal(topology: ModelTopology): number | string {
  try {
    return parameterCount(topology);
  } catch (error) {
    if (error instanceof FederationError) return error.message;
    throw error;
  }
}

/** Training on one core and on all; the rest on one. */
function lanesOf(engine: string, members: readonly Contender[]): Lane[] {
  const one = members.slice(0, 1);
  const lane = (work: Work, team: readonly Contender[]): Lane => laneOf(engine, work, team);
  const training = members.length > 1 ? [lane('train', one), lane('train', members)] : [lane('train', one)];
  if (engine === plainFit) return training;
  return [...training, lane('evaluate', one), lane('input-gradient', one)];
}

function laneOf(engine: string, work: Work, members: readonly Contender[]): Lane {
  return { engine, processes: members.length, work, members, images: 0, rates: [] };
}

async function measure(
  scene: Scene,
  lanes: readonly Lane[],
  { repeat, seconds, onProgress }: Pick<TrainingOptions, 'repeat' | 'seconds' | 'onProgress'>,
): Promise<void> {
  onProgress(`training: ${scene.name}, batch ${scene.batch}, warming up`);
  for (const lane of lanes) lane.images = await warmUp(scene, lane, seconds);
  for (let round = 1; round <= repeat; round += 1) {
    onProgress(`training: ${scene.name}, batch ${scene.batch}, ${round} of ${repeat}`);
    for (const lane of lanes) {
      lane.rates.push(await rateOf(scene, lane, lane.images));
    }
  }
}

/** Works until nothing is left to compile; how many images then fill a repeat, in whole batches. */
async function warmUp({ batch }: Scene, lane: Lane, seconds: number): Promise<number> {
  const enough = warmUpShare * seconds;
  let images = batch;
  for (let spent = 0; ;) {
    const perSecond = (await rateOf({ batch }, lane, images)).byProcessor / lane.processes;
    spent += images / perSecond;
    if (spent >= enough) return Math.max(1, Math.round((perSecond * seconds) / batch)) * batch;
    images = Math.min(8 * images, Math.max(1, Math.round((perSecond * enough) / 2 / batch)) * batch);
  }
}

async function rateOf({ batch }: Pick<Scene, 'batch'>, lane: Lane, images: number): Promise<Rate> {
  const { engine, work, members } = lane;
  const startedAt = performance.now();
  const done = await Promise.all(
    members.map((member) => member.ask({ kind: 'run', engine, work, batch, images })),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    byClock: (images * members.length) / seconds,
    byProcessor: done.reduce((sum, { processorSeconds }) => sum + images / processorSeconds, 0),
  };
}

function rowOf({ name, batch }: Scene, lane: Lane, lanes: readonly Lane[]): BenchRow {
  const { engine, work, processes, rates } = lane;
  const byProcessor = rates.map((rate) => rate.byProcessor);
  const rate = median(byProcessor);
  const ratioTo = (other: string, onAsMany: number): number | null => {
    const found = lanes.find(
      (candidate) =>
        candidate.engine === other && candidate.work === work && candidate.processes === onAsMany,
    );
    return found === undefined ? null : rate / median(found.rates.map((other) => other.byProcessor));
  };
  return {
    model: name,
    work,
    engine,
    processes,
    batch,
    samplesPerSecond: Math.round(median(rates.map(({ byClock }) => byClock))),
    samplesPerProcessorSecond: Math.round(rate),
    slowest: Math.round(Math.min(...byProcessor)),
    fastest: Math.round(Math.max(...byProcessor)),
    ratioToBaseline: ratioTo(baseline, 1),
    ...(lanes.some((candidate) => candidate.engine === rival)
      ? { ratioToPytorch: ratioTo(rival, processes) }
      : {}),
    ...(engine === 'tensorflow' ? { ratioToFit: ratioTo(plainFit, processes) } : {}),
  };
}
