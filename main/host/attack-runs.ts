/** Attacks that run, or have run since the host was started: each folded here, and handed out to whoever watches. */
import { randomBytes } from 'node:crypto';
import type { AttackStep } from '../../core/contract/attacks/attack-report.ts';
import type { AttackRequest } from '../../core/contract/attacks/attack-request.ts';
import type { AttackMethodResults } from '../../core/contract/attacks/host-methods.ts';
import { isFederationError } from '../../core/errors/federation-error.ts';
import {
  type AttackEvent,
  type AttackView,
  foldAttack,
  openAttack,
} from '../../core/watching/attack-view.ts';
import { attackJob, type ChosenTarget, freshTarget } from '../attacks/material.ts';
import { attackReport } from '../attacks/report.ts';
import { AttackStopped, type RunningAttack } from '../attacks/run-attack-process.ts';
import { AttackProcesses } from './attack-processes.ts';
import type { AttackPreparation } from '../compute/channel.ts';
import { HostFailure } from './calls.ts';
import type { HostServices } from './services.ts';
import { engineOf } from './session-service.ts';

/** Ended ones that can still be looked at; what they found is among the reports. */
const endedKept = 16;

export interface AttackWatcher {
  attack(run: string, events: readonly AttackEvent[]): void;
}

export interface AttackStart {
  readonly request: AttackRequest;
  /** With defaults filled in. */
  readonly settings: AttackRequest['settings'];
  readonly target: ChosenTarget;
  /** The next update of the same client is on its way: the report makes room for that one's. */
  readonly passing: boolean;
}

interface Run {
  view: AttackView;
  readonly watchers: Set<AttackWatcher>;
  /** Of its process; undefined once it has ended. */
  running: RunningAttack | undefined;
  /** Resolves when it has ended, and what it found is kept. */
  ended: Promise<void>;
}

export class AttackRuns {
  readonly #runs = new Map<string, Run>();
  readonly #processes = new AttackProcesses();
  readonly #services: HostServices;
  readonly #now: () => Date;
  readonly #kept: () => void;
  readonly #removedAt: () => string;
  /** By attack, activity and client: the latest report of an update that came by. */
  readonly #passed = new Map<string, number>();

  /** kept: a report has been added. removedAt: the time for one that is removed. */
  constructor(services: HostServices, now: () => Date, kept: () => void, removedAt: () => string) {
    this.#services = services;
    this.#now = now;
    this.#kept = kept;
    this.#removedAt = removedAt;
  }

  get list(): AttackMethodResults['attackRuns'] {
    return [...this.#runs].map(([run, { view }]) => ({ run, request: view.request, stage: view.stage }));
  }

  /** Somebody is in the lab: what is run next will start at once. */
  prepare(): void {
    // it would take the time of the one that runs
    if (!this.#isBusy) this.#processes.prepare(this.#preparation(freshTarget.dataset));
  }

  /** Stops the one that runs. Returns the name of the new one. */
  start(start: AttackStart): string {
    this.#stopAll();
    const { request, settings, target, passing } = start;
    const id = `run-${randomBytes(8).toString('hex')}`;
    const startedAt = this.#now().toISOString();
    const running = this.#processes.run(
      {
        ...attackJob(request, settings, target),
        ...this.#preparation(target.dataset),
      },
      (steps) => {
        this.#tell(run, id, steps);
      },
    );
    const run: Run = {
      view: openAttack(id, request),
      watchers: new Set(),
      running,
      ended: Promise.resolve(),
    };
    this.#runs.set(id, run);
    this.#forgetOldest();
    run.ended = running.done
      .then((done) => {
        const { version } = this.#services;
        const about = { request, settings, description: target.description, version, startedAt };
        const report = attackReport(about, run.view, done);
        const saved = this.#services.store.saveAttack(report);
        if (passing) this.#makeRoom(request, saved);
        this.#end(run, id, { kind: 'done', id: `attack-${saved}`, report });
        this.#kept();
      })
      .catch((error: unknown) => {
        this.#end(run, id, error instanceof AttackStopped ? { kind: 'stopped' } : this.#failure(error));
      });
    return id;
  }

  /** The state of now; every event after it will be handed to the watcher. Throws HostFailure 'run-unknown'. */
  watch(id: string, watcher: AttackWatcher): AttackView {
    const run = this.#get(id);
    run.watchers.add(watcher);
    return run.view;
  }

  unwatch(id: string, watcher: AttackWatcher): void {
    this.#get(id).watchers.delete(watcher);
  }

  /** Nothing where it has ended. Resolves when it has. */
  async stop(id: string): Promise<void> {
    const run = this.#get(id);
    await run.running?.stop();
    await run.ended;
  }

  /** Of all runs. */
  forget(watcher: AttackWatcher): void {
    for (const { watchers } of this.#runs.values()) watchers.delete(watcher);
  }

  /** Resolves when no process of theirs is left. */
  async close(): Promise<void> {
    await Promise.all([...this.#runs.keys()].map((id) => this.stop(id)));
    await this.#processes.close();
  }

  get #isBusy(): boolean {
    return [...this.#runs.values()].some(({ running }) => running !== undefined);
  }

  #stopAll(): void {
    for (const { running } of this.#runs.values()) void running?.stop();
  }

  #get(id: string): Run {
    const run = this.#runs.get(id);
    if (run !== undefined) return run;
    throw new HostFailure('run-unknown', 'Cannot find this attack: it ended long ago, or never was.');
  }

  /** Takes away the report of the same client's update before, unless the person has put it into the report. */
  #makeRoom({ attack, target }: AttackRequest, saved: number): void {
    const key = JSON.stringify([attack, target]);
    const before = this.#passed.get(key);
    this.#passed.set(key, saved);
    const { store } = this.#services;
    if (before !== undefined && store.attack(before)?.inReport === false)
      store.removeAttacks([before], this.#removedAt());
  }

  #tell(run: Run, id: string, events: readonly (AttackStep | AttackEvent)[]): void {
    run.view = events.reduce(foldAttack, run.view);
    for (const watcher of run.watchers) watcher.attack(id, events);
  }

  #end(run: Run, id: string, event: AttackEvent): void {
    run.running = undefined;
    this.#tell(run, id, [event]);
    if (!this.#isBusy) this.#processes.prepareSoon(this.#preparation(freshTarget.dataset));
  }

  #preparation(dataset: string): Omit<AttackPreparation, 'kind'> {
    // attacks train models that compiled refuses: chosen, it trains those that it can
    const engine = engineOf(this.#services);
    const { machine: speeds } = this.#services.engineSpeeds;
    return { dataset, engine: engine === 'compiled' ? 'auto' : engine, speeds, background: true };
  }

  #failure(error: unknown): AttackEvent {
    if (isFederationError(error)) return { kind: 'failed', code: error.code, message: error.message };
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#services.log(`fault in an attack: ${text}`);
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', code: 'fault', message: `This is a fault of Masquerade: ${message}` };
  }

  #forgetOldest(): void {
    const ended = [...this.#runs].filter(([, { running }]) => running === undefined);
    for (const [id] of ended.slice(0, Math.max(0, ended.length - endedKept))) this.#runs.delete(id);
  }
}
