/** A coordinator as a process of its own, as a person would start it, and a crowd spread over a few others. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presetTopology } from '../../core/model/presets.ts';
import type { CrowdNews, CrowdTask } from './crowd-process.ts';
import { SessionProcess, type ToldEvent } from './session-process.ts';
import { writeSmallData } from './small-data.ts';
import { memoryOf } from '../process-memory.ts';

export interface CrowdOptions {
  readonly members: number;
  readonly rounds: number;
  /** Processes that the members are spread over. */
  readonly processes: number;
  readonly everyNthVanishes: number | undefined;
  readonly onRound: (round: CrowdRound) => void;
}

export interface CrowdRound {
  readonly round: number;
  readonly event: ToldEvent;
  /** Of the coordinator's process, now and at its highest. */
  readonly megabytes: number;
  readonly peakMegabytes: number;
  /** Of the coordinator's data folder. */
  readonly databasePath: string;
}

export interface CrowdOutcome {
  readonly outcome: string;
  /** How the members ended, and how many. */
  readonly members: Readonly<Record<string, number>>;
  readonly vanished: number;
  /** Parameters of the model. */
  readonly parameters: number;
  readonly errors: string;
}

const side = 8;
const units = 28;
const parameters = side * side * units + units + units * 4 + 4;

/** The whole session, to its end. */
export async function playCrowd(options: CrowdOptions): Promise<CrowdOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'masquerade-crowd-'));
  const children: ChildProcess[] = [];
  let coordinator: SessionProcess | undefined;
  try {
    coordinator = startCoordinator(folder, options);
    const listening = await coordinator.until('listening', 120_000);
    if (listening === undefined) throw new Error(`the coordinator did not start: ${coordinator.errors}`);
    const link = String(listening['link']);
    const news = spread(options).map(([first, end]) => {
      const child = fork(new URL('./crowd-process.ts', import.meta.url), {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      children.push(child);
      const { everyNthVanishes } = options;
      const task: CrowdTask = { link, dataset: join(folder, 'data'), first, end, everyNthVanishes };
      child.send(task);
      return once(child, 'message') as Promise<[CrowdNews]>;
    });
    await coordinator.ended;
    const outcome = String(coordinator.last('finished')?.['outcome'] ?? coordinator.last('error')?.['code']);
    const members: Record<string, number> = {};
    let vanished = 0;
    // a process that died sends nothing more
    const told = await Promise.race([Promise.all(news), late(60_000)]);
    for (const [crowd] of told ?? []) {
      vanished += crowd.vanished;
      for (const [how, count] of Object.entries(crowd.outcomes)) members[how] = (members[how] ?? 0) + count;
    }
    return { outcome, members, vanished, parameters, errors: coordinator.errors };
  } finally {
    coordinator?.kill();
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, maxRetries: 3 });
  }
}

function startCoordinator(folder: string, { members, rounds, onRound }: CrowdOptions): SessionProcess {
  const dataset = join(folder, 'data');
  const model = join(folder, 'small-model.json');
  writeSmallData(dataset, { side, train: 2 * members, test: 100 });
  writeFileSync(model, JSON.stringify(smallTopology(side)));
  mkdirSync(join(folder, 'state'));
  const dataFolder = join(folder, 'coordinator');
  const coordinator = new SessionProcess({
    args: [
      'coordinate',
      ...['--dataset', dataset, '--model', model, '--rounds', String(rounds), '--processes', '1'],
      ...['--participants', String(members), '--start-when-full', '--host', '127.0.0.1', '--no-announce'],
      ...['--data-dir', dataFolder, '--json'],
    ],
    logFile: join(folder, 'coordinator.log'),
    stateFolder: join(folder, 'state'),
  });
  coordinator.onEvent((event) => {
    if (event.type !== 'round') return;
    onRound({
      round: Number(event['round']),
      event,
      ...memoryOf(coordinator.pid),
      databasePath: join(dataFolder, 'masquerade.sqlite'),
    });
  });
  return coordinator;
}

/** The preset of two layers, with a narrow one in the middle. */
export function smallTopology(side: number): object {
  const topology = presetTopology('mlp', { height: side, width: side, channels: 1, classes: 4 });
  return JSON.parse(JSON.stringify(topology).replace('"units":256', `"units":${units}`)) as object;
}

function spread({ members, processes }: CrowdOptions): (readonly [number, number])[] {
  return Array.from({ length: processes }, (_, index) => [
    1 + Math.floor((index * members) / processes),
    1 + Math.floor(((index + 1) * members) / processes),
  ]);
}

function late(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, undefined).unref();
  });
}
