/** The attack lab: what was run and is kept, what can be attacked, and a bench for every attack that somebody opened. */
import { SvelteMap } from 'svelte/reactivity';
import type { AttackReport, AttackReportSummary } from '../../core/contract/attacks/attack-report.ts';
import type { AttackTargets } from '../../core/contract/attacks/host-methods.ts';
import { type AttackName, attackNames } from '../../core/contract/attacks/names.ts';
import type { Push } from '../../core/contract/host.ts';
import { type AppState, HostError } from './app.svelte.ts';
import { Bench } from './lab-bench.svelte.ts';
import { type Vote } from './lab-vote.ts';

export class LabState {
  /** The newest first; null before they are known. */
  reports = $state.raw<readonly AttackReportSummary[] | null>(null);
  /** Why the list could not be had. */
  problem = $state.raw<HostError | null>(null);
  targets = $state.raw<AttackTargets | null>(null);
  /** When this machine's newest drawing was made, ISO 8601; null without one: what ran before was of other images. */
  drawnAt = $state<string | null>(null);
  /** By the report's id: what a room said to its pictures. Whoever collects ballots adds them here. */
  readonly votes = new SvelteMap<string, Vote>();
  readonly app: AppState;
  readonly #whole = new SvelteMap<string, AttackReport>();
  readonly #coming = new Set<string>();
  readonly #benches = new Map<AttackName, Bench>();

  constructor(app: AppState) {
    this.app = app;
    // they outlive whichever screen asks for them first
    $effect.root(() => {
      for (const name of attackNames) this.#benches.set(name, new Bench(name, this));
    });
    app.onPush((push) => {
      this.#pushed(push);
    });
  }

  /** Asks for everything anew: when the lab opens, and when the host is back. */
  async refresh(): Promise<void> {
    await Promise.all([this.#loadReports(), this.#loadTargets()]);
    await this.#rewatch();
  }

  bench(name: AttackName): Bench {
    return this.#benches.get(name)!;
  }

  /** The newest of an attack. */
  newest(name: AttackName): AttackReportSummary | undefined {
    return this.reports?.find(({ attack }) => attack === name);
  }

  summary(id: string): AttackReportSummary | undefined {
    return this.reports?.find((summary) => summary.id === id);
  }

  /** undefined until it is here; asked for once. */
  whole(id: string): AttackReport | undefined {
    return this.#whole.get(id);
  }

  /** Fetches a whole report, once. For $effect. */
  open(id: string): void {
    if (this.#whole.has(id) || this.#coming.has(id)) return;
    this.#coming.add(id);
    this.app.call('attackReport', { id }).then(
      (report) => {
        this.#coming.delete(id);
        this.#whole.set(id, report);
      },
      () => {
        // deleted meanwhile, or the host is away: the list is asked for anew then
        this.#coming.delete(id);
      },
    );
  }

  /** A run has ended with a report: neither it nor its line in the list need be asked for. */
  finished(id: string, report: AttackReport): void {
    this.#whole.set(id, report);
    if (this.summary(id) !== undefined) return;
    const { attack, startedAt, seconds, protection, settings, outcome, results, threshold, facts } = report;
    const about = { attack, startedAt, seconds, protection, settings, outcome, results, threshold, facts };
    this.reports = [{ id, ...about, inReport: false }, ...(this.reports ?? [])];
  }

  async putInReport(id: string, on: boolean): Promise<boolean> {
    if ((await this.app.attempt('putInReport', { id, on })) === undefined) return false;
    this.reports =
      this.reports?.map((summary) => (summary.id === id ? { ...summary, inReport: on } : summary)) ?? null;
    return true;
  }

  /** With a way back, in the toast that tells of it. */
  async remove(ids: readonly string[]): Promise<boolean> {
    const gone = [...ids];
    if ((await this.app.attempt('removeAttackReports', { ids: gone })) === undefined) return false;
    this.reports = this.reports?.filter(({ id }) => !gone.includes(id)) ?? null;
    this.app.toast(this.app.texts.t('lab.report.removed', { count: gone.length }), {
      undo: () => {
        void this.app.attempt('restoreAttackReports', { ids: gone }).then(() => this.#loadReports());
      },
    });
    return true;
  }

  /** The host is here, or back: whatever runs is watched. */
  async #rewatch(): Promise<void> {
    try {
      const runs = await this.app.call('attackRuns', {});
      await Promise.all([...this.#benches.values()].map((bench) => bench.rewatch(runs)));
    } catch {
      // away again: asked anew when it is back
    }
  }

  async #loadReports(): Promise<void> {
    try {
      this.reports = await this.app.call('attackReports', {});
      this.problem = null;
    } catch (error) {
      if (error instanceof HostError) this.problem = error;
    }
  }

  async #loadTargets(): Promise<void> {
    try {
      const [targets, drawings] = await Promise.all([
        this.app.call('attackTargets', {}),
        this.app.call('drawings', {}),
      ]);
      this.targets = targets;
      this.drawnAt = drawings.reduce<string | null>(
        (latest, { drawnAt }) => (latest === null || drawnAt > latest ? drawnAt : latest),
        null,
      );
    } catch {
      // the host is away: it is asked again when it is back
    }
  }

  #pushed(push: Push): void {
    if (push.push === 'attack') for (const bench of this.#benches.values()) bench.take(push.run, push.events);
    if (push.push === 'attack-reports') void this.#loadReports();
  }
}

const states = new WeakMap<AppState, LabState>();

/** One for all screens of the lab, so that what runs goes on while somebody draws. */
export function labOf(app: AppState): LabState {
  const state = states.get(app) ?? new LabState(app);
  states.set(app, state);
  return state;
}
