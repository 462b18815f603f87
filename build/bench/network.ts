/**
 * What the network costs: coordinator and participants as processes of their own on this machine, over TLS, with their
 * databases, from the first round's start to the last one's end. Baseline: the same settings simulated in one process
 * with its compute processes, in the same run, its rounds alone. All share this machine's cores: nothing is said about
 * the time that messages take between machines.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import type { SimulationResult } from '../../core/contract/run-result.ts';
import { memoryOf } from '../process-memory.ts';
import { playCrowd } from '../soak/crowd-room.ts';
import { SessionProcess, type ToldEvent } from '../soak/session-process.ts';
import { runSimulation } from './simulation.ts';
import type { BenchPart, BenchRow } from './table.ts';

export interface NetworkOptions {
  readonly participants: number;
  readonly rounds: number;
  readonly examplesPerClient: number;
  readonly model: string;
  /** Connections of a second row, spread over a few processes, with a small model and nothing to train; 0: no such row. */
  readonly crowd: number;
  readonly version: string;
  readonly onProgress: (text: string) => void;
}

/** Network to simulation, by the clock. */
const goalRatio = 1.25;
const seed = 1;
/** Nobody is to be dropped: on few cores, participants wait for each other's training. */
const deadlineSeconds = 3_600;

export async function benchNetwork(options: NetworkOptions): Promise<BenchPart> {
  const { participants, crowd, onProgress } = options;
  onProgress(`network: simulating ${participants} clients`);
  const before = await simulate(options);
  onProgress(`network: ${participants} participants as processes`);
  const measured = await measure(options);
  onProgress(`network: simulating ${participants} clients again`);
  const after = await simulate(options);
  const rows = [compare(measured, before, after)];
  if (crowd > 0) {
    onProgress(`network: ${crowd} connections`);
    rows.push(await measureCrowd(crowd));
  }
  return {
    name: 'network',
    about:
      'Processes on this machine over TLS, all rounds by the clock; baseline: the rounds of a simulation, the mean of one before and one after. Coordinator: processor time of a round, and peak memory.',
    rows,
  };
}

function simulate(options: NetworkOptions): Promise<SimulationResult> {
  const { participants: clients, rounds, examplesPerClient, model, version } = options;
  const settings = runSettingsSchema.parse({
    clients,
    rounds,
    examplesPerClient,
    model,
    seed,
    engine: 'compiled',
  });
  return runSimulation(settings, version);
}

interface Measured {
  readonly about: BenchRow;
  readonly figures: BenchRow;
  readonly seconds: number;
  readonly modelSha256: string;
}

/** Beside a simulation before it and one after it: a machine is not equally fast at all times. */
function compare({ about, figures, seconds, modelSha256 }: Measured, ...runs: SimulationResult[]): BenchRow {
  const simulated = runs.map(({ rounds }) => rounds.reduce((sum, { ms }) => sum + ms.total, 0) / 1000);
  const simulationSeconds = simulated.reduce((sum, value) => sum + value, 0) / simulated.length;
  return {
    ...about,
    seconds,
    simulationSeconds,
    fastestSimulation: Math.min(...simulated),
    slowestSimulation: Math.max(...simulated),
    ratio: seconds / simulationSeconds,
    goalRatio,
    sameModel: runs.every(({ final }) => final.modelSha256 === modelSha256),
    ...figures,
  };
}

/** Of a 'round' event. */
interface ToldRound {
  readonly round: number;
  readonly accuracy: number;
  readonly dropped: readonly number[];
  readonly bytesUpPerClient: { readonly mean: number };
  readonly bytesDownPerClient: { readonly mean: number };
  readonly ms: { readonly coordinator: number; readonly total: number };
}

async function measure(options: NetworkOptions): Promise<Measured> {
  const { participants, rounds, examplesPerClient, model, onProgress } = options;
  const folder = mkdtempSync(join(tmpdir(), 'masquerade-network-'));
  const processes: SessionProcess[] = [];
  const start = (name: string, args: readonly string[]): SessionProcess => {
    const started = new SessionProcess({
      args: [...args, '--json', '--data-dir', join(folder, name)],
      logFile: join(folder, `${name}.log`),
      stateFolder: join(folder, 'state'),
    });
    processes.push(started);
    return started;
  };
  try {
    const coordinator = start('coordinator', [
      'coordinate',
      ...['--participants', String(participants), '--start-when-full', '--rounds', String(rounds)],
      ...['--examples-per-client', String(examplesPerClient), '--model', model, '--seed', String(seed)],
      ...['--engine', 'compiled', '--deadline', String(deadlineSeconds)],
      ...['--host', '127.0.0.1', '--no-announce'],
    ]);
    const listening = await coordinator.until('listening', 120_000);
    if (listening === undefined) throw new Error(`the coordinator did not start: ${coordinator.errors}`);
    const told: ToldRound[] = [];
    let startedAt: ToldEvent | undefined;
    let endedAt: ToldEvent | undefined;
    let peakMegabytes = NaN;
    coordinator.onEvent((event) => {
      if (event.type === 'round-started') startedAt ??= event;
      if (event.type !== 'round') return;
      endedAt = event;
      told.push(event as unknown as ToldRound);
      peakMegabytes = memoryOf(coordinator.pid).peakMegabytes;
      onProgress(`network: round ${told.length} of ${rounds}`);
    });
    for (let number = 1; number <= participants; number += 1)
      start(`p${number}`, [
        'join',
        String(listening['link']),
        '--yes',
        ...['--name', `P${number}`, '--engine', 'compiled'],
      ]);
    await Promise.all(processes.map(({ ended }) => ended));
    const outcome = coordinator.last('finished')?.['outcome'];
    if (outcome !== 'finished')
      throw new Error(`the session ended ${String(outcome)}: ${coordinator.errors}`);
    const final = coordinator.last('finished')!['final'] as { readonly modelSha256: string };
    const seconds = (timeOf(endedAt) - timeOf(startedAt)) / 1000;
    const mean = (value: (round: ToldRound) => number): number =>
      told.reduce((sum, round) => sum + value(round), 0) / told.length;
    const about = { participants, rounds, model, examplesPerClient };
    const figures = {
      accuracy: told.at(-1)!.accuracy,
      dropped: told.reduce((sum, { dropped }) => sum + dropped.length, 0),
      bytesUpPerClient: Math.round(mean(({ bytesUpPerClient }) => bytesUpPerClient.mean)),
      bytesDownPerClient: Math.round(mean(({ bytesDownPerClient }) => bytesDownPerClient.mean)),
      coordinatorMs: mean(({ ms }) => ms.coordinator),
      coordinatorPeakMegabytes: peakMegabytes,
    };
    return { about, figures, seconds, modelSha256: final.modelSha256 };
  } finally {
    for (const process of processes) process.kill();
    await Promise.all(processes.map(({ ended }) => ended));
    rmSync(folder, { recursive: true, maxRetries: 3 });
  }
}

async function measureCrowd(members: number): Promise<BenchRow> {
  const rounds: ToldRound[] = [];
  let peak = NaN;
  const { outcome, parameters, errors } = await playCrowd({
    members,
    rounds: 3,
    processes: 4,
    everyNthVanishes: undefined,
    onRound: ({ event, peakMegabytes }) => {
      rounds.push(event as unknown as ToldRound);
      peak = peakMegabytes;
    },
  });
  if (outcome !== 'finished') throw new Error(`the crowd's session ended ${outcome}: ${errors}`);
  const mean = (value: (round: ToldRound) => number): number =>
    rounds.reduce((sum, round) => sum + value(round), 0) / rounds.length;
  return {
    participants: members,
    rounds: rounds.length,
    model: `${parameters} parameters, not trained`,
    examplesPerClient: null,
    seconds: mean(({ ms }) => ms.total) * rounds.length * 1e-3,
    simulationSeconds: null,
    fastestSimulation: null,
    slowestSimulation: null,
    ratio: null,
    goalRatio: null,
    sameModel: null,
    accuracy: null,
    dropped: rounds.reduce((sum, { dropped }) => sum + dropped.length, 0),
    bytesUpPerClient: Math.round(mean(({ bytesUpPerClient }) => bytesUpPerClient.mean)),
    bytesDownPerClient: Math.round(mean(({ bytesDownPerClient }) => bytesDownPerClient.mean)),
    coordinatorMs: mean(({ ms }) => ms.coordinator),
    coordinatorPeakMegabytes: peak,
  };
}

const timeOf = (event: ToldEvent | undefined): number => Date.parse(String(event?.['at']));
