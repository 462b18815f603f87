/**
 * Plays one session with real processes and kills them as planned. Nothing here knows of the protocol: it starts, kills
 * and restarts what a person would, and tells how each machine ended.
 */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { KillPlan, PlannedKill } from './kill-plan.ts';
import { SessionProcess, type ToldEvent } from './session-process.ts';

export interface Machine {
  /** 'coordinator', 'p1', ... */
  readonly name: string;
  readonly dataFolder: string;
  /** How its last process ended: 'finished', 'stopped', an abort's or an error's code, 'killed'. */
  readonly ending: string;
  readonly final: string | null;
}

export interface KillRecord {
  readonly victim: number;
  /** Where the session was, as the coordinator had told it last. */
  readonly phase: string;
  readonly restarted: boolean;
}

export interface PlayedSession {
  readonly folder: string;
  readonly stateFolder: string;
  readonly machines: readonly Machine[];
  readonly kills: readonly KillRecord[];
  /** Rounds as the coordinator told them, by number: who was dropped. */
  readonly dropped: ReadonlyMap<number, number>;
  readonly resumed: boolean;
  /** What no machine may do. */
  readonly violations: readonly string[];
  readonly seconds: number;
}

export interface SessionPlace {
  readonly folder: string;
  readonly stateFolder: string;
  readonly dataset: string;
}

/** How long a participant waits for a coordinator that is gone, and the coordinator for too few members. */
const patienceSeconds = 45;
/** Nothing may take longer than this: what does, hangs. On a busy machine every start of a process takes seconds. */
const longestMs = 300_000;

export function playSession(plan: KillPlan, place: SessionPlace): Promise<PlayedSession> {
  return new KillSession(plan, place).play();
}

class KillSession {
  readonly #plan: KillPlan;
  readonly #place: SessionPlace;
  readonly #violations: string[] = [];
  readonly #kills: KillRecord[] = [];
  readonly #dropped = new Map<number, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** The running or last process of each machine; the coordinator's first. */
  readonly #processes: (SessionProcess | undefined)[] = [];
  readonly #fired = new Set<PlannedKill>();
  /** Machines that will be started again. */
  #restarting = 0;
  #phase = 'lobby';
  #link = '';
  #resumed = false;
  #over = false;
  #givenUp = false;

  constructor(plan: KillPlan, place: SessionPlace) {
    this.#plan = plan;
    this.#place = place;
  }

  async play(): Promise<PlayedSession> {
    const startedAt = performance.now();
    mkdirSync(this.#place.folder, { recursive: true });
    this.#startCoordinator(await freePort());
    const listening = await this.#processes[0]!.until('listening', longestMs);
    if (listening === undefined && this.#fired.size === 0) {
      this.#violations.push(`the coordinator did not start: ${this.#processes[0]!.errors}`);
    }
    for (let number = 1; number <= this.#plan.participants; number += 1) this.#startParticipant(number);
    await this.#settle(startedAt);
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    return {
      ...this.#place,
      machines: this.#machines(),
      kills: this.#kills,
      dropped: this.#dropped,
      resumed: this.#resumed,
      violations: this.#violations,
      seconds: (performance.now() - startedAt) / 1000,
    };
  }

  // Processes

  #startCoordinator(port: number, resume = false): void {
    const { participants, rounds, seed, deadlineSeconds } = this.#plan;
    const { dataset } = this.#place;
    const settings = ['--dataset', dataset, '--rounds', String(rounds), '--seed', String(seed)];
    const coordinator = this.#start(0, [
      'coordinate',
      ...settings,
      ...['--model', 'mlp', '--engine', 'compiled', '--processes', '1'],
      ...['--participants', String(participants), '--start-when-full', '--deadline', String(deadlineSeconds)],
      ...['--patience', String(patienceSeconds), '--host', '127.0.0.1', '--no-announce'],
      // the same port after a crash before the session knew it
      ...['--port', String(port)],
      ...(resume ? ['--resume'] : []),
    ]);
    coordinator.onEvent((event) => {
      this.#coordinatorTold(event, port);
    });
  }

  #startParticipant(number: number): void {
    if (this.#link === '') return;
    this.#start(number, [
      'join',
      this.#link,
      ...['--yes', '--name', `P${number}`, '--data', this.#place.dataset],
      ...['--engine', 'compiled', '--patience', String(patienceSeconds)],
    ]);
  }

  #start(machine: number, args: readonly string[]): SessionProcess {
    const { folder, stateFolder } = this.#place;
    const name = machineName(machine);
    const started = new SessionProcess({
      args: [...args, '--json', '--data-dir', join(folder, name)],
      logFile: join(folder, `${name}.log`),
      stateFolder,
    });
    this.#processes[machine] = started;
    return started;
  }

  // What the coordinator tells decides when processes die

  #coordinatorTold(event: ToldEvent, port: number): void {
    switch (event.type) {
      case 'listening':
        this.#link = String(event['link']);
        if (event['resumed'] === true) this.#resumed = true;
        return this.#fire(({ trigger }) => trigger.kind === 'moment' && trigger.after === 'listening', port);
      case 'roster':
        this.#phase = 'between';
        return this.#fire(({ trigger }) => trigger.kind === 'moment' && trigger.after === 'roster', port);
      case 'phase': {
        this.#phase = String(event['phase']);
        const { phase, round } = event;
        return this.#fire(
          ({ trigger }) => trigger.kind === 'phase' && trigger.phase === phase && trigger.round === round,
          port,
        );
      }
      case 'round':
        this.#phase = 'between';
        this.#dropped.set(Number(event['round']), (event['dropped'] as readonly number[]).length);
        return;
      case 'finished':
        this.#phase = 'end';
    }
  }

  #fire(isDue: (kill: PlannedKill) => boolean, port: number): void {
    for (const kill of this.#plan.kills) {
      if (this.#fired.has(kill) || !isDue(kill)) continue;
      this.#fired.add(kill);
      const { delayMs } = kill.trigger;
      if (delayMs === 0) this.#kill(kill, port);
      else
        this.#later(delayMs, () => {
          this.#kill(kill, port);
        });
    }
  }

  #kill({ victim, restartAfterMs }: PlannedKill, port: number): void {
    const target = this.#processes[victim];
    if (target === undefined || target.end !== undefined || this.#over) return;
    target.kill();
    this.#kills.push({ victim, phase: this.#phase, restarted: restartAfterMs !== undefined });
    if (restartAfterMs === undefined) return;
    this.#restarting += 1;
    void target.ended.then(() => {
      this.#later(restartAfterMs, () => {
        this.#restarting -= 1;
        if (victim === 0) this.#startCoordinator(port, true);
        else this.#startParticipant(victim);
      });
    });
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#over) work();
    }, ms);
    this.#timers.add(timer);
  }

  // The end

  /** Until every process has ended and none will be started again; what hangs is killed and counts as a violation. */
  async #settle(startedAt: number): Promise<void> {
    for (;;) {
      const alive = this.#processes.flatMap((process, machine) =>
        process === undefined || process.end !== undefined ? [] : [{ process, machine }],
      );
      if (alive.length === 0 && this.#restarting === 0) return;
      this.#giveUpLobby(alive.length);
      const left = longestMs - (performance.now() - startedAt);
      if (left <= 0) {
        for (const { process, machine } of alive) {
          this.#violations.push(`${machineName(machine)} hangs (pid ${process.pid}), in ${this.#phase}`);
          process.kill();
        }
        await Promise.all(alive.map(({ process }) => process.ended));
        return;
      }
      const change = alive.map(({ process }) => process.ended);
      await Promise.race([...change, pause(Math.min(left, 500))]);
    }
  }

  /** A lobby that will never be full: whoever leads it stops waiting. */
  #giveUpLobby(alive: number): void {
    const coordinator = this.#processes[0];
    const started = this.#processes.length === this.#plan.participants + 1;
    if (this.#givenUp || this.#phase !== 'lobby' || !started || this.#restarting > 0) return;
    if (coordinator?.end !== undefined || alive > this.#plan.participants) return;
    const isThere = (process: SessionProcess | undefined): boolean =>
      process === undefined || process.end !== undefined || process.last('joined') !== undefined;
    if (!this.#processes.slice(1).every(isThere)) return;
    this.#givenUp = true;
    coordinator?.interrupt();
  }

  #machines(): Machine[] {
    return this.#processes.flatMap((process, number) => {
      if (process === undefined) return [];
      const name = machineName(number);
      const final = process.last('finished')?.['final'] as
        { readonly modelSha256: string } | null | undefined;
      const ending = this.#endingOf(name, process);
      return [
        { name, dataFolder: join(this.#place.folder, name), ending, final: final?.modelSha256 ?? null },
      ];
    });
  }

  #endingOf(name: string, process: SessionProcess): string {
    const finished = process.last('finished')?.['outcome'] as string | undefined;
    const named = finished ?? (process.last('error')?.['code'] as string | undefined);
    const { code, signal } = process.end ?? { code: null, signal: null };
    if (signal !== null) return finished === undefined ? 'killed' : `${finished}, killed`;
    if (code === 1 || named === undefined || code === null)
      this.#violations.push(`${name} ended without a name (code ${code ?? '-'}): ${process.errors}`);
    return named ?? `code ${code ?? '-'}`;
  }
}

const machineName = (number: number): string => (number === 0 ? 'coordinator' : `p${number}`);

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** A port that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
