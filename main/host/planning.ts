/**
 * What would come of settings, before anything starts: who may leave, how much each has, sends and waits, on this
 * machine's own measure; and what stands in the way, by the setting that must change.
 */
import { stat } from 'node:fs/promises';
import type { ProcessPlan } from '../../core/contract/engines.ts';
import type { MethodArguments, RunPlan } from '../../core/contract/host.ts';
import type { PrivacyOutlook } from '../../core/contract/privacy-outlook.ts';
import { type RunSettings, runSettingsSchema, settledSettings } from '../../core/contract/run-settings.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { dealExamples, parsePartition } from '../../core/datasets/partition.ts';
import {
  type FederationError,
  invalidSetting,
  isFederationError,
} from '../../core/errors/federation-error.ts';
import { parameterCount } from '../../core/model/architecture.ts';
import type { ModelTopology } from '../../core/model/engine.ts';
import { statisticCount } from '../../core/model/moving-statistics.ts';
import { ciphertextBytes, shareBytes } from '../../core/secagg/key-schedule.ts';
import { addMask } from '../../core/secagg/masks.ts';
import { packedBytes } from '../../core/secagg/packing.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { privacyOutlook } from '../../core/secagg/privacy-outlook.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';
import { planParameters } from '../../core/secagg/plan-parameters.ts';
import { headerBytes } from '../../core/wire/header.ts';
import { type ChosenEngine, chooseEngine, engineUsed } from '../compute/engines.ts';
import { dataBytesOf, planProcesses } from '../compute/machine.ts';
import { usefulProcesses } from '../compute/pool.ts';
import { loadDataset } from '../data/load.ts';
import { callerPath } from '../files/caller-path.ts';
import { readModel } from '../simulation/open-workbench.ts';
import { vanishingCount } from '../simulation/vanishing.ts';
import type { HostServices } from './services.ts';
import { engineOf, processesOf } from './session-service.ts';
import { SpeedMeter, type TrainingSpeed } from './training-speed.ts';

type Question = MethodArguments<'plan'>;
type Problem = RunPlan['problems'][number];

/** What a plan needs of a data set: not its images, which would fill the memory of this process. */
interface DataFacts {
  readonly name: string;
  readonly digest: string;
  readonly classNames: readonly string[];
  readonly labels: Uint8Array;
  readonly train: Pick<Dataset['train'], 'count' | 'height' | 'width' | 'channels'>;
  readonly testCount: number;
}

/** An answer waits for measurements no longer than this, ms. */
const patienceMs = 2_500;
/** Data sets that are remembered. */
const dataKept = 4;
/** What a message has beside what is counted: its body's names and lengths, digests, a withdrawal now and then. */
const bodyBytes = 120;
/** Messages that a client sends in a round. */
const messages = { masked: 5, plain: 1 } as const;
/** The backward pass of a step costs about twice its forward pass, which is all of an evaluation. */
const stepsPerEvaluation = 3;

const nothing: RunPlan = {
  threshold: null,
  survives: null,
  graph: null,
  neighbours: null,
  bits: null,
  parameters: 0,
  movingStatistics: 0,
  dataset: { name: '', train: 0, test: 0, classNames: [], height: 0, width: 0 },
  perClient: null,
  engine: null,
  estimate: { secondsPerRound: null, bytesUpPerRound: null },
  privacy: null,
  problems: [],
};

export class Planner {
  readonly #services: HostServices;
  readonly #speeds = new SpeedMeter();
  /** By source and when it was last changed. */
  readonly #data = new Map<string, Promise<DataFacts>>();
  /** Time of one mask over a vector of so many elements, ms. */
  readonly #maskMs = new Map<number, number>();

  constructor(services: HostServices) {
    this.#services = services;
  }

  /** Throws only faults of its own: what a person can correct is among the problems. */
  async plan(question: Question): Promise<RunPlan> {
    const settings = this.#complete(question.settings);
    const problems: Problem[] = [];
    const data = await attempt(problems, 'dataset', () => this.#dataOf(settings.dataset));
    if (data === undefined) return { ...nothing, problems };
    const { name, classNames, train, testCount } = data;
    const { height, width } = train;
    const dataset = { name, train: train.count, test: testCount, classNames, height, width };
    const patience = createPatience();
    const model = await attempt(problems, 'model', () => this.#modelOf(settings, data, patience));
    if (model === undefined) return { ...nothing, dataset, problems };

    const { topology, chosen, processes } = model;
    const parts = await attempt(problems, 'partition', () => partsOf(question, settings, data));
    const sizes = parts?.map((part) => part.length);
    const d = parameterCount(topology);
    problems.push(...ruledOut(question, settings));
    const movingStatistics = statisticCount(topology);
    const planned = planAll(settings, {
      d,
      movingStatistics: movingStatistics > 0,
      sizes,
      data,
      demonstration: question.demonstration,
    });
    problems.push(...planned.problems);
    const known: RunPlan = {
      ...nothing,
      dataset,
      parameters: d,
      movingStatistics,
      perClient: sizes ? { fewest: Math.min(...sizes), most: Math.max(...sizes) } : null,
      engine: engineUsed(chosen, processes),
      problems,
    };
    const { parameters } = planned;
    if (parameters === undefined || problems.length > 0) return known;
    const { threshold, clients, graph, neighbours, bits } = parameters;
    const speed = await this.#speedOf(settings, data, model, patience);
    return {
      ...known,
      threshold,
      survives: clients - threshold,
      graph,
      neighbours,
      bits,
      privacy: outlookOf(settings, parameters),
      estimate: {
        secondsPerRound:
          speed === null || sizes === undefined
            ? null
            : this.#secondsOf(question.purpose, parameters, sizes, testCount, speed),
        bytesUpPerRound: bytesUp(parameters, settings.rsaBits),
      },
    };
  }

  /** What is being measured is given up. */
  close(): void {
    this.#speeds.close();
  }

  #complete(given: Question['settings']): RunSettings {
    const settings = settledSettings(runSettingsSchema.parse(given));
    return {
      ...settings,
      engine: settings.engine ?? engineOf(this.#services),
      processes: settings.processes ?? processesOf(this.#services),
    };
  }

  async #modelOf(settings: RunSettings, data: DataFacts, patience: Patience): Promise<PlannedModel> {
    const { name, topology } = await readModel(settings.model, data);
    const measure = this.#services.engineSpeeds.of({ name, topology, batch: settings.batch });
    const chosen = await chooseEngine(topology, {
      asked: settings.engine,
      measure: (engines) => patience(measure(engines), []),
    });
    const processes = planProcesses({
      engine: chosen.engine.name,
      dataBytes: dataBytesOf({ train: data.train, test: { count: data.testCount } }),
      parameters: parameterCount(topology),
      useful: usefulProcesses(settings.clients, data.testCount),
      asked: settings.processes,
    });
    return { topology, chosen, processes };
  }

  async #dataOf(source: string): Promise<DataFacts> {
    const name = source === 'mnist' ? source : `${source} ${await changedAt(callerPath(source))}`;
    const known = this.#data.get(name);
    if (known !== undefined) return known;
    const facts = factsOf(source);
    this.#data.set(name, facts);
    facts.catch(() => this.#data.delete(name));
    for (const other of this.#data.keys()) {
      if (this.#data.size <= dataKept) break;
      this.#data.delete(other);
    }
    return facts;
  }

  /** null where it takes longer than a person waits: the next answer will have it. */
  async #speedOf(
    settings: RunSettings,
    data: DataFacts,
    { topology, chosen, processes }: PlannedModel,
    patience: Patience,
  ): Promise<TrainingSpeed | null> {
    const measured = this.#speeds.measure({
      topology,
      engine: chosen.engine,
      dataset: settings.dataset,
      trainCount: data.train.count,
      testCount: data.testCount,
      batch: settings.batch,
      // more than there are cores would only be in each other's way
      processes: Math.min(processes.processes, processes.cores),
    });
    const speed = await patience(measured, null);
    if (speed !== null) this.#services.measuredSpeed(speed.together);
    return speed;
  }

  #secondsOf(
    purpose: Question['purpose'],
    { clients, neighbours, masks, epochs, fraction, vectorLength }: RoundParameters,
    sizes: readonly number[],
    testCount: number,
    { together, processes }: TrainingSpeed,
  ): number {
    const most = (Math.max(...sizes) * epochs) / (together / processes);
    const evaluating = testCount / stepsPerEvaluation / together;
    // one of its own, and one with each neighbour
    const masking = masks ? ((neighbours + 1) * this.#maskOf(vectorLength)) / 1000 : 0;
    // in a room everyone trains at the same time, on machines that are taken to be as fast as this one
    if (purpose === 'session') return most + masking + evaluating;
    const all = (sizes.reduce((sum, size) => sum + size, 0) * epochs * fraction) / together;
    return Math.max(most, all) + clients * masking + evaluating;
  }

  #maskOf(length: number): number {
    const known = this.#maskMs.get(length);
    if (known !== undefined) return known;
    const vector = new Uint32Array(length);
    const key = new Uint8Array(32);
    addMask(vector, key, 1);
    const began = performance.now();
    addMask(vector, key, 1);
    const ms = performance.now() - began;
    this.#maskMs.set(length, ms);
    return ms;
  }
}

interface PlannedModel {
  readonly topology: ModelTopology;
  readonly chosen: ChosenEngine;
  readonly processes: ProcessPlan;
}

/** The value, or the other one where all that one answer waits for takes longer than a person waits. */
type Patience = <Value>(work: Promise<Value>, otherwise: Value) => Promise<Value>;

function createPatience(): Patience {
  const began = performance.now();
  return async (work, otherwise) => {
    const { promise: tooLong, resolve } = Promise.withResolvers<typeof otherwise>();
    const timer = setTimeout(resolve, Math.max(0, patienceMs - (performance.now() - began)), otherwise);
    try {
      return await Promise.race([work, tooLong]);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function factsOf(source: string): Promise<DataFacts> {
  const { name, digest, classNames, train, test } = await loadDataset(source);
  const { count, height, width, channels } = train;
  return {
    name,
    digest,
    classNames,
    // copied: it may be a view into a file's bytes
    labels: train.labels.slice(),
    train: { count, height, width, channels },
    testCount: test.count,
  };
}

/** What has been added to or taken out of the folder is noticed. */
async function changedAt(folder: string): Promise<number> {
  try {
    return (await stat(folder)).mtimeMs;
  } catch {
    // loading it says what is wrong
    return 0;
  }
}

/** undefined where everyone brings their own. */
function partsOf(
  { purpose, data }: Question,
  { partition, clients, examplesPerClient, seed }: RunSettings,
  { labels }: DataFacts,
): readonly Uint32Array[] | undefined {
  if (purpose === 'session' && data === 'own') return undefined;
  return dealExamples(parsePartition(partition), { labels, clients, examplesPerClient, seed });
}

/** What only the purpose rules out. */
function ruledOut({ purpose, demonstration }: Question, settings: RunSettings): Problem[] {
  const { clients, drop } = settings;
  if (purpose !== 'session') {
    if (drop === 0 || vanishingCount(clients, drop) > 0) return [];
    return [problemOf(invalidSetting('drop', drop, `0, or at least 1/${clients}`), 'drop')];
  }
  const off = (['masks', 'quantisation'] as const).filter((name) => !settings[name] && !demonstration);
  return [
    // a roster without keys would name nobody
    ...(settings.signatures ? [] : [invalidSetting('signatures', 'off', 'on over a network')]),
    ...off.map((name) => invalidSetting(name, 'off', 'on, unless the session is openly a demonstration')),
  ].map((error) => problemOf(error, error.details.field));
}

interface PlanInputs {
  readonly d: number;
  readonly movingStatistics: boolean;
  /** Examples of each client, where they are dealt. */
  readonly sizes: readonly number[] | undefined;
  readonly data: DataFacts;
  readonly demonstration: boolean;
}

/** Every field that is refused, one after the other: each is put back to its default to see what else is wrong. */
function planAll(
  settings: RunSettings,
  { d, movingStatistics, sizes, data, demonstration }: PlanInputs,
): { readonly parameters: RoundParameters | undefined; readonly problems: readonly Problem[] } {
  const defaults = runSettingsSchema.parse({});
  const problems: Problem[] = [];
  let tried = settings;
  for (;;) {
    try {
      const parameters = planParameters(tried, {
        parameterCount: d,
        movingStatistics,
        ...(sizes === undefined ? {} : { largestCount: Math.max(1, ...sizes), datasetDigest: data.digest }),
        demonstration,
      });
      return { parameters, problems };
    } catch (error) {
      if (!isFederationError(error) || error.code !== 'invalid-setting') throw error;
      const { field } = error.details as FederationError<'invalid-setting'>['details'];
      const seen = problems.some((problem) => problem.field === field);
      if (!seen) problems.push(problemOf(error, field));
      if (seen || !(field in defaults || field === 'threshold')) return { parameters: undefined, problems };
      tried = { ...tried, [field]: defaults[field as keyof RunSettings] };
    }
  }
}

function outlookOf(settings: RunSettings, parameters: RoundParameters): PrivacyOutlook | null {
  const plan = privacyPlanOf(parameters);
  return plan === undefined ? null : privacyOutlook(settings, plan);
}

/** A client's messages of a round: its vector, shares for its neighbours and of them, signatures. */
function bytesUp(parameters: RoundParameters, rsaBits: number): number {
  const { masks, signatures, quantisation, vectorLength, bits, neighbours } = parameters;
  const vector = quantisation ? packedBytes(vectorLength, bits) : 4 * vectorLength;
  const each = headerBytes + bodyBytes + (signatures ? rsaBits / 8 : 0);
  const shares = masks ? neighbours * (ciphertextBytes + shareBytes) : 0;
  return vector + shares + each * (masks ? messages.masked : messages.plain);
}

function problemOf(error: FederationError, field: string): Problem {
  const { code, message, details } = error;
  return { field, message, code, details: { ...details } };
}

/** The value, or one more problem; faults of Masquerade's own are thrown. */
async function attempt<Value>(
  problems: Problem[],
  field: string,
  work: () => Value | Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isFederationError(error)) throw error;
    const named =
      error.code === 'invalid-setting'
        ? (error.details as { field: string }).field
        : error.code === 'engine-missing'
          ? 'engine'
          : field;
    problems.push(problemOf(error, named));
    return undefined;
  }
}
