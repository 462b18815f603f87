/**
 * Session after session with processes that are killed: in a phase by name, or at any moment. Every session must end
 * finished, stopped or in a named abort, and the databases of all its machines must be sound (check-machines.ts).
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import { randomStream } from '../../core/random/stream.ts';
import { runFederated } from '../../main/simulation/federated.ts';
import { openWorkbench } from '../../main/simulation/open-workbench.ts';
import { checkMachines } from './check-machines.ts';
import { drawKillPlan, type KillPlan } from './kill-plan.ts';
import { type PlayedSession, playSession } from './kill-session.ts';
import type { SoakOptions, SoakPart } from './part.ts';
import { writeSmallData } from './small-data.ts';

/** Sessions with violations are kept for whoever looks into them. */
export async function soakKills({ minutes, seed, version, onProgress }: SoakOptions): Promise<SoakPart> {
  const root = mkdtempSync(join(tmpdir(), 'masquerade-soak-'));
  const dataset = join(root, 'data');
  const stateFolder = join(root, 'state');
  mkdirSync(stateFolder);
  writeSmallData(dataset, { side: 8, train: 280, test: 80 });
  const endsAt = performance.now() + minutes * 60_000;
  const simulations = new Simulations(dataset, version);
  const counts = new Counts();
  for (let number = 1; number === 1 || performance.now() < endsAt; number += 1) {
    const plan = drawKillPlan(randomStream(seed, 'kills', number));
    const folder = join(root, `session-${number}`);
    const played = await playSession(plan, { folder, stateFolder, dataset });
    const found = [...played.violations, ...(await checkMachines(played, version))];
    const compared = found.length === 0 && (await simulations.compare(plan, played, found));
    counts.add(number, played, found, compared);
    onProgress(describe(number, plan, played, found));
    if (found.length === 0) rmSync(folder, { recursive: true });
  }
  if (counts.violations.length === 0) rmSync(root, { recursive: true });
  else counts.violations.push(`what they left is in ${root}`);
  return { name: 'kills', figures: counts.figures(), violations: counts.violations };
}

/** Where nobody was lost, the model is the simulation's, bit for bit. */
class Simulations {
  readonly #dataset: string;
  readonly #version: string;
  readonly #hashes = new Map<string, string>();

  constructor(dataset: string, version: string) {
    this.#dataset = dataset;
    this.#version = version;
  }

  /** Adds to the violations; true when there was something to compare. */
  async compare(
    plan: KillPlan,
    { dropped, machines }: PlayedSession,
    violations: string[],
  ): Promise<boolean> {
    const [coordinator] = machines;
    if (coordinator?.ending !== 'finished' || coordinator.final === null) return false;
    const complete = dropped.size === plan.rounds && [...dropped.values()].every((count) => count === 0);
    if (!complete) return false;
    const expected = await this.#hashOf(plan);
    if (expected !== coordinator.final)
      violations.push(`nobody was lost, and the model is ${coordinator.final} instead of ${expected}`);
    return true;
  }

  async #hashOf({ participants: clients, rounds, seed }: KillPlan): Promise<string> {
    const key = `${clients} ${rounds} ${seed}`;
    const known = this.#hashes.get(key);
    if (known !== undefined) return known;
    const dataset = this.#dataset;
    const settings = {
      clients,
      rounds,
      seed,
      dataset,
      model: 'mlp',
      engine: 'compiled',
      processes: 1,
    } as const;
    const bench = await openWorkbench(runSettingsSchema.parse(settings), () => undefined);
    try {
      const { final } = await runFederated(bench, {
        version: this.#version,
        onProgress: () => undefined,
        signal: new AbortController().signal,
      });
      this.#hashes.set(key, final.modelSha256);
      return final.modelSha256;
    } finally {
      await bench.pool.close();
    }
  }
}

class Counts {
  readonly violations: string[] = [];
  #sessions = 0;
  #seconds = 0;
  #compared = 0;
  #resumed = 0;
  #restarts = 0;
  readonly #kills: Record<string, number> = {};
  readonly #coordinatorEndings: Record<string, number> = {};
  readonly #participantEndings: Record<string, number> = {};

  add(number: number, played: PlayedSession, found: readonly string[], compared: boolean): void {
    this.#sessions += 1;
    this.#seconds += played.seconds;
    if (compared) this.#compared += 1;
    if (played.resumed) this.#resumed += 1;
    for (const { victim, phase, restarted } of played.kills) {
      count(this.#kills, `${victim === 0 ? 'coordinator' : 'participant'}, ${phase}`);
      if (restarted) this.#restarts += 1;
    }
    for (const { name, ending } of played.machines)
      count(name === 'coordinator' ? this.#coordinatorEndings : this.#participantEndings, ending);
    this.violations.push(...found.map((text) => `session ${number}: ${text}`));
  }

  figures(): SoakPart['figures'] {
    return {
      sessions: this.#sessions,
      secondsPerSession: Math.round(this.#seconds / Math.max(1, this.#sessions)),
      kills: Object.values(this.#kills).reduce((sum, kills) => sum + kills, 0),
      restarts: this.#restarts,
      resumedByTheCoordinator: this.#resumed,
      comparedWithTheSimulation: this.#compared,
      killsByPhase: this.#kills,
      endingsOfCoordinators: this.#coordinatorEndings,
      endingsOfParticipants: this.#participantEndings,
    };
  }
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function describe(number: number, plan: KillPlan, played: PlayedSession, found: readonly string[]): string {
  const kills = played.kills.map(({ victim, phase, restarted }) =>
    [victim === 0 ? 'coordinator' : `p${victim}`, 'in', phase, restarted ? '(restarted)' : '']
      .join(' ')
      .trim(),
  );
  const endings = played.machines.map(({ name, ending }) => `${name} ${ending}`).join(', ');
  return [
    `session ${number}: ${plan.participants} participants, ${played.seconds.toFixed(0)} s, killed: ${kills.join(', ') || 'nobody'}; ${endings}`,
    ...found.map((text) => `  VIOLATION ${text}`),
  ].join('\n');
}
