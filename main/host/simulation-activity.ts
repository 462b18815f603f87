/**
 * A simulation or a comparison as an activity: everything that happens is told to whoever watches, what a person decides
 * goes to the conductor. Stopped, it keeps what is finished, as the command line does.
 */
import { toHex, utf8 } from '../../core/bytes/bytes.ts';
import type { ClientPictures, SumPicture } from '../../core/contract/pictures.ts';
import type { ComparisonResult, SimulationResult } from '../../core/contract/run-result.ts';
import type { RunSettings } from '../../core/contract/run-settings.ts';
import type { FinalModel } from '../../core/contract/session-event.ts';
import type { ActivityCommand, Pace, WatchEventBody } from '../../core/contract/watch-event.ts';
import { fingerprint, formatFingerprint } from '../../core/crypto/fingerprint.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { privacyPlanEvent } from '../session/privacy-plan-event.ts';
import { runComparison } from '../simulation/comparison.ts';
import { Conductor } from '../simulation/conductor.ts';
import { runFederated, type RunOptions, type Witness } from '../simulation/federated.ts';
import { firstNameOf } from '../simulation/names.ts';
import { openWorkbench } from '../simulation/open-workbench.ts';
import { CancelledError, type ExperimentProgress } from '../simulation/progress.ts';
import type { Workbench } from '../simulation/workbench.ts';
import { Latest } from '../watching/latest.ts';
import { RoundGallery } from '../watching/round-gallery.ts';
import { SentUpdates } from '../watching/sent-updates.ts';
import type { Activity, ActivityService, Network } from './activity.ts';
import type { HostServices } from './services.ts';
import { emitFailure, engineOf, processesOf } from './session-service.ts';

export interface SimulationStart {
  readonly title: string;
  readonly settings: RunSettings;
  readonly pace: Pace;
}

export type ComparisonStart = Omit<SimulationStart, 'pace'>;

type Result = SimulationResult | ComparisonResult;
type TrainingProgress = Extract<ExperimentProgress, { kind: 'training' }>;
type Run = (bench: Workbench, options: RunOptions) => Promise<Result>;

/** Progress of training is told so often, ms. */
const trainingEveryMs = 250;
/** Less says little about a machine's speed; in the first round it still loads its data. */
const measuredSeconds = 1;

/** What goes wrong, from loading the data on, is told as events. */
export function startSimulation(
  services: HostServices,
  activity: Activity,
  start: SimulationStart,
): ActivityService {
  return new SimulationService(services, activity, start, runFederated);
}

export function startComparison(
  services: HostServices,
  activity: Activity,
  start: ComparisonStart,
): ActivityService {
  return new SimulationService(services, activity, { ...start, pace: 'full' }, runComparison);
}

class SimulationService implements ActivityService {
  readonly #services: HostServices;
  readonly #activity: Activity;
  readonly #start: SimulationStart;
  readonly #stopping = new AbortController();
  readonly #conductor: Conductor;
  readonly #ended: Promise<void>;
  /** Rows of a comparison train side by side. */
  readonly #training = new Map<TrainingProgress['what'], Latest<TrainingProgress>>();
  #bench: Workbench | undefined;
  #gallery: RoundGallery | undefined;
  readonly #sent = new SentUpdates();
  #parts: readonly Uint32Array[] = [];
  #weights: Float32Array | undefined;
  #network: Network | undefined;
  #epoch: Epoch | undefined;
  #round = { round: 0, rounds: 0, attempt: 0 };
  /** Masked vectors in the coordinator's sum. */
  #added = 0;

  constructor(services: HostServices, activity: Activity, start: SimulationStart, run: Run) {
    this.#services = services;
    this.#activity = activity;
    const { settings } = start;
    this.#start = {
      ...start,
      settings: {
        ...settings,
        engine: settings.engine ?? engineOf(services),
        processes: settings.processes ?? processesOf(services),
      },
    };
    this.#conductor = new Conductor({
      clients: settings.clients,
      rounds: settings.rounds,
      masks: settings.masks,
      pace: start.pace,
      signal: this.#stopping.signal,
      events: {
        held: (phase) => {
          this.#emit({ type: 'held', phase });
        },
        fault: (client, fault, round) => {
          this.#emit({ type: 'fault', client, fault, round });
        },
      },
    });
    this.#ended = this.#run(run);
  }

  command(command: ActivityCommand): void {
    if (this.#activity.watched.stage === 'ended') return;
    switch (command.do) {
      case 'pause':
      case 'resume': {
        const paused = command.do === 'pause';
        if (this.#conductor.paused === paused) return;
        this.#conductor.setPaused(paused);
        this.#emit({ type: paused ? 'paused' : 'resumed' });
        return;
      }
      case 'stop':
        this.#stopping.abort(new CancelledError('stopped by a person'));
        return;
      case 'pace':
        if (this.#conductor.pace === command.pace) return;
        this.#emit({ type: 'pace', pace: command.pace });
        this.#conductor.setPace(command.pace);
        return;
      case 'next':
        this.#conductor.letGo();
        return;
      case 'fault':
        this.#conductor.inject(command.client, command.fault);
        return;
      default:
        return;
    }
  }

  pictures(client: number, round: number | null): ClientPictures | null {
    return this.#gallery?.pictures(client, round) ?? null;
  }

  sumPicture(round: number | null): SumPicture | null {
    return this.#gallery?.sumPicture(round) ?? null;
  }

  model(): Float32Array | undefined {
    return this.#weights;
  }

  network(): Network | undefined {
    return this.#network;
  }

  sentUpdates(): SentUpdates {
    return this.#sent;
  }

  partOf(client: number): Uint32Array | undefined {
    return this.#parts[client - 1];
  }

  async close(): Promise<void> {
    this.#stopping.abort(new CancelledError('closed'));
    await this.#ended;
  }

  #emit(body: WatchEventBody): void {
    this.#activity.emit(body);
  }

  /** Never rejects. */
  async #run(run: Run): Promise<void> {
    let result: Result | undefined;
    try {
      result = await this.#carryOut(run);
    } catch (error) {
      // stopped before anything was finished
      if (!this.#stopping.signal.aborted) {
        emitFailure(this.#activity, error, this.#services);
        return;
      }
    } finally {
      for (const latest of this.#training.values()) latest.stop();
    }
    try {
      this.#finish(result);
    } catch (error) {
      emitFailure(this.#activity, error, this.#services);
    }
  }

  async #carryOut(run: Run): Promise<Result> {
    const { signal } = this.#stopping;
    this.#emit({ type: 'preparing', step: 'data', done: 0, total: 1 });
    const bench = await openWorkbench(
      this.#start.settings,
      (reason) => {
        this.#computeReplaced(reason);
      },
      { background: true, engineSpeeds: this.#services.engineSpeeds },
    );
    this.#bench = bench;
    this.#network = { topology: bench.topology, classNames: bench.dataset.classNames };
    this.#parts = bench.parts;
    try {
      signal.throwIfAborted();
      this.#gallery = new RoundGallery(bench.topology, bench.parameters);
      this.#emit(prepared(bench));
      return await run(bench, {
        version: this.#services.version,
        signal,
        conductor: this.#conductor,
        witness: this.#witness(this.#gallery, bench.parameters),
        onProgress: (progress) => {
          this.#progress(progress);
        },
      });
    } finally {
      // whoever looks at it afterwards needs no data set any more
      this.#bench = undefined;
      await bench.pool.close();
    }
  }

  #finish(result: Result | undefined): void {
    const simulation = result?.kind === 'comparison' ? result.simulation : result;
    if (result !== undefined) {
      const id = this.#services.saveResult(result, this.#start.title);
      this.#emit({ type: 'stored', result: id });
    }
    this.#emit({
      type: 'finished',
      outcome: outcomeOf(simulation),
      final: simulation === undefined ? null : finalOf(simulation),
      identitiesCompared: true,
    });
  }

  #witness(gallery: RoundGallery, parameters: RoundParameters): Witness {
    return {
      attemptStarts: (round, weights, sum) => {
        this.#weights = weights.slice();
        this.#sent.attemptStarts(round, parameters, weights);
        gallery.attemptStarts(round, weights, sum);
      },
      trained: (client, update) => {
        gallery.trained(client, update);
      },
      vectorSent: (client, packed, vector) => {
        this.#sent.sent(client, packed);
        gallery.vectorSent(client, packed, vector);
      },
      summed: (mean, weights) => {
        this.#weights = weights.slice();
        gallery.summed(mean);
      },
    };
  }

  #progress(progress: ExperimentProgress): void {
    switch (progress.kind) {
      case 'identities':
        this.#emit({
          type: 'preparing',
          step: 'identities',
          done: progress.done,
          total: progress.total,
        });
        return;
      case 'epoch':
        this.#epoch = progress.epoch;
        return;
      case 'words':
        if (this.#epoch !== undefined) this.#tellEpoch(this.#epoch, progress.words);
        return;
      case 'round-started':
        this.#round = { round: progress.round, rounds: progress.rounds, attempt: 0 };
        return;
      case 'attempt-started':
        this.#round = { ...this.#round, attempt: progress.attempt };
        this.#added = 0;
        this.#emit({ type: 'round-started', ...this.#round });
        return;
      case 'awaits': {
        const { phase, clients } = progress;
        const { round, attempt } = this.#round;
        this.#emit({ type: 'simulated-phase', round, attempt, phase, awaited: clients });
        return;
      }
      case 'protocol': {
        const { event } = progress;
        this.#emit({ type: 'protocol', event });
        if (event.kind !== 'verified' || event.phase !== 'masked-input') return;
        this.#added += 1;
        this.#gallery?.added();
        this.#emit({ type: 'sum', added: this.#added });
        return;
      }
      case 'training':
        this.#offerTraining(progress);
        return;
      case 'round-finished':
        this.#training.get('round')?.flush();
        this.#emit({ type: 'simulated-round', ...progress.result });
        return;
      case 'row':
        this.#training.get(progress.row.name)?.stop();
        this.#emit({ type: 'row', row: progress.row });
        return;
      case 'process-replaced':
        return;
    }
  }

  #tellEpoch(epoch: Epoch, words: readonly string[]): void {
    this.#emit(rosterOf(epoch, words));
    const noise = privacyPlanEvent(epoch.parameters);
    if (noise !== undefined) this.#emit(noise);
  }

  #offerTraining(progress: TrainingProgress): void {
    const { what } = progress;
    const latest =
      this.#training.get(what) ??
      new Latest<TrainingProgress>(trainingEveryMs, (told) => {
        this.#tellTraining(told);
      });
    this.#training.set(what, latest);
    latest.offer(progress);
  }

  #tellTraining(progress: TrainingProgress): void {
    const { what, examplesDone, examplesTotal, examplesPerSecond, byClient } = progress;
    if (what === 'round' && this.#bench !== undefined) {
      const { parts, parameters } = this.#bench;
      const shares = parts.map(
        (part, index) => (byClient.get(index + 1) ?? 0) / (part.length * parameters.epochs),
      );
      this.#emit({ type: 'clients-training', shares });
      const isMeasure = this.#round.round > 1 && examplesDone / examplesPerSecond >= measuredSeconds;
      if (isMeasure && examplesDone === examplesTotal) this.#services.measuredSpeed(examplesPerSecond);
    }
    this.#emit({ type: 'training-total', what, examplesDone, examplesTotal, examplesPerSecond });
  }

  /** Within a round it is an event of the protocol. */
  #computeReplaced(reason: string): void {
    if (this.#round.round > 0) return;
    const text = `A compute process died (${reason}); another does its work again.`;
    this.#emit({ type: 'note', text, code: 'compute-replaced', detail: { reason } });
  }
}

function prepared({ dataset, modelName, parameterCount, engine, parameters }: Workbench): WatchEventBody {
  const { name, train, test, classNames } = dataset;
  const { height, width, channels } = train;
  return {
    type: 'prepared',
    dataset: { name, train: train.count, test: test.count, classNames, height, width, channels },
    model: { name: modelName, parameters: parameterCount },
    engine,
    threshold: parameters.threshold,
    participants: parameters.clients,
  };
}

/** Under first names; where there are no keys, fingerprints are made from those. */
function rosterOf({ roster, rosterDigest }: Epoch, words: readonly string[]): WatchEventBody {
  return {
    type: 'roster',
    epoch: 1,
    words,
    digest: toHex(rosterDigest),
    participants: roster.members.length,
    members: roster.members.map(({ publicKey }, index) => {
      const name = firstNameOf(index + 1);
      const digest = publicKey.length > 0 ? fingerprint(publicKey) : sha256(utf8(name));
      return { number: index + 1, name, fingerprint: formatFingerprint(digest) };
    }),
    own: null,
  };
}

function outcomeOf(result: SimulationResult | undefined): string {
  if (result === undefined || result.ended === 'cancelled') return 'stopped';
  return result.ended ?? 'finished';
}

/** null where nobody has trained the model. */
function finalOf({ rounds, final }: SimulationResult): FinalModel | null {
  const last = rounds.at(-1);
  if (last === undefined) return null;
  const { modelSha256, accuracy, f1Weighted } = final;
  return { round: last.round, modelSha256, accuracy, f1Weighted };
}
