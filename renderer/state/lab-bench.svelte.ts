/** One attack as somebody works with it: what is asked for, what runs, what came of it under each switch. */
import type { AttackReport, AttackReportSummary } from '../../core/contract/attacks/attack-report.ts';
import type { AttackRequest, AttackTarget } from '../../core/contract/attacks/attack-request.ts';
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import type { AttackDescription } from '../../core/contract/attacks/description.ts';
import type { AttackName } from '../../core/contract/attacks/names.ts';
import type { MethodResults } from '../../core/contract/host.ts';
import {
  type AttackEvent,
  type AttackView,
  foldAttack,
  openAttack,
} from '../../core/watching/attack-view.ts';
import type { HostProblem } from '../wording/host-problem.ts';
import { HostError } from './host-error.ts';
import {
  type Draft,
  isReportOf,
  isSameExperiment,
  placeReport,
  requestOf,
  type Settings,
  wholeSettings,
} from './lab-requests.ts';
import {
  candidatesOf,
  emptyScene,
  type ProofPanel,
  rebuildsPictures,
  type Scene,
  sceneOf,
} from './lab-scene.ts';
import type { LabState } from './lab.svelte.ts';
import { choicesOf, openVote, type Vote } from './lab-vote.ts';

export interface KeptReport {
  readonly id: string;
  readonly report: AttackReport;
}

/** Kept runs under one of the switches that are looked through for those of this target and seed, the newest first. */
const mostLookedAt = 40;

export class Bench {
  readonly attack: AttackName;
  readonly description: AttackDescription;
  target = $state.raw<AttackTarget>({ kind: 'fresh' });
  settings = $state.raw<Settings>({});
  seed = $state(1);
  /** The id of a switch. */
  chosen = $state('');
  /** The latest run that this page has started or found; null where there was none. */
  run = $state.raw<AttackView | null>(null);
  /** Of a run that this page has started, ms since the page was opened. */
  startedAt = $state(0);
  starting = $state(false);
  /** Why a run could not be started. */
  problem = $state.raw<HostProblem | null>(null);
  /** Pictures are not shown until a vote has been taken. */
  curtain = $state(false);
  /** What of the proof somebody looks at; undefined: what this attack shows first. */
  panel = $state<ProofPanel | undefined>(undefined);
  /** Which of several private images stands beside its copy and its baselines, from 0. */
  index = $state(0);
  /** A drawing is on its way: run as soon as the screen is back. */
  awaited = $state(false);

  readonly request: AttackRequest = $derived.by(() => this.#requestOf(this.chosen));
  /** What is kept of this request; undefined before it has ended once. */
  readonly kept: KeptReport | undefined = $derived.by(() => this.keptOf(this.chosen));
  /** The latest run is of this request, and its end is not among the reports. */
  readonly live: AttackView | null = $derived.by(() => {
    const { run } = this;
    if (run === null || run.stage === 'done') return null;
    return isSameRequest(run.request, this.request, this.description) ? run : null;
  });
  readonly isRunning = $derived(this.live?.stage === 'running' || this.starting);
  readonly scene: Scene = $derived.by(() => {
    if (this.live !== null) return sceneOf(this.live, this.#similar);
    if (this.starting) return sceneOf(openAttack('', this.request), this.#similar);
    return this.kept?.report ?? emptyScene;
  });
  /** The person has drawn since: kept reports are of other images. */
  readonly isOutdated: boolean = $derived.by(
    () =>
      this.kept === undefined &&
      (this.#lab.reports ?? []).some(
        (summary) =>
          isSameExperiment(this.description, summary, this.request) && this.#isOfOldDrawings(summary),
      ),
  );
  /** Being taken, or taken, on what is on show. */
  readonly vote: Vote | undefined = $derived.by(() =>
    this.kept === undefined ? undefined : this.#lab.votes.get(this.kept.id),
  );
  readonly isVoting = $derived(this.curtain || this.vote?.revealed === false);

  readonly #lab: LabState;
  /** A run that is being started: its events may come before the answer. */
  #settled = false;
  /** Stop was pressed before the host had answered: the run had no name yet. */
  #isUnwanted = false;

  constructor(attack: AttackName, lab: LabState) {
    this.attack = attack;
    this.description = attackCatalogue[attack];
    this.#lab = lab;
    this.chosen = this.description.switches[0]!.id;
  }

  readonly #draft: Draft = $derived({ target: this.target, settings: this.settings, seed: this.seed });
  /** Of the same attack under another switch: its private images are the same. */
  readonly #similar: Scene = $derived.by(() => {
    for (const { id } of this.description.switches) {
      const report = this.keptOf(id)?.report;
      if (report !== undefined) return report;
    }
    return emptyScene;
  });

  #requestOf(id: string): AttackRequest {
    return requestOf(this.description, this.#draft, id);
  }

  /** The newest report of exactly what a switch would run now. */
  keptOf(id: string): KeptReport | undefined {
    const request = this.#requestOf(id);
    for (const summary of this.#candidates()) {
      const report = this.#lab.whole(summary.id);
      if (report !== undefined && isReportOf(this.description, report, request))
        return { id: summary.id, report };
    }
    return undefined;
  }

  /** A run of it works now. */
  isRunningUnder(id: string): boolean {
    const { run } = this;
    return run?.stage === 'running' && isSameRequest(run.request, this.#requestOf(id), this.description);
  }

  #candidates(): readonly AttackReportSummary[] {
    const requests = this.description.switches.map(({ id }) => this.#requestOf(id));
    return (this.#lab.reports ?? [])
      .filter(
        (summary) =>
          requests.some((request) => isSameExperiment(this.description, summary, request)) &&
          !this.#isOfOldDrawings(summary),
      )
      .slice(0, mostLookedAt);
  }

  #isOfOldDrawings({ startedAt }: { readonly startedAt: string }): boolean {
    const { drawnAt } = this.#lab;
    return (
      drawnAt !== null &&
      drawnAt > startedAt &&
      this.target.kind !== 'update' &&
      rebuildsPictures(this.description)
    );
  }

  /** Fetches the reports that may be shown. For $effect. */
  fetch(): void {
    for (const summary of this.#candidates()) this.#lab.open(summary.id);
  }

  /** The first time, the bench stands as it was left: as the newest report has it, once that is here. For $effect. */
  settle(): void {
    if (this.#settled || this.#lab.reports === null) return;
    const newest = this.#lab.newest(this.attack);
    if (newest === undefined) return;
    this.#lab.open(newest.id);
    const report = this.#lab.whole(newest.id);
    if (report === undefined) return;
    this.#settled = true;
    this.#place(report);
  }

  /** Shows a kept report, and asks from now on for what it asked for. */
  show(report: AttackReport): void {
    this.#settled = true;
    this.#place(report);
  }

  #place(report: AttackReport): void {
    const place = placeReport(this.description, report);
    if (place === undefined) return;
    this.target = place.draft.target;
    this.settings = place.draft.settings;
    this.seed = place.draft.seed;
    this.chosen = place.id;
    this.problem = null;
  }

  /** What a person has decided in the panel. */
  decide(draft: Draft): void {
    this.#settled = true;
    this.target = draft.target;
    this.settings = draft.settings;
    this.seed = draft.seed;
    this.problem = null;
  }

  /** A switch was pressed: what is known is shown, what is not is run. */
  async choose(id: string): Promise<void> {
    this.chosen = id;
    this.problem = null;
    if (this.kept === undefined && !this.isRunning) await this.start();
  }

  /** passing: of an update that comes by: its report makes room for the next one's. */
  async start({
    curtain = false,
    passing = false,
  }: { readonly curtain?: boolean; readonly passing?: boolean } = {}): Promise<void> {
    if (this.starting) return;
    this.#settled = true;
    this.starting = true;
    this.problem = null;
    this.curtain = curtain;
    this.run = null;
    this.#isUnwanted = false;
    this.startedAt = performance.now();
    try {
      const { run } = await this.#lab.app.call('startAttack', { ...this.request, passing });
      await this.#watch(run);
      if (this.#isUnwanted) await this.#lab.app.attempt('stopAttack', { run });
    } catch (error) {
      this.curtain = false;
      this.problem = problemOf(error);
    } finally {
      this.starting = false;
    }
  }

  async stop(): Promise<void> {
    this.#isUnwanted = true;
    if (this.run?.stage === 'running') await this.#lab.app.attempt('stopAttack', { run: this.run.run });
  }

  /** What runs, or has run, at the host: whatever of this attack works is watched. May reject as a call does. */
  async rewatch(runs: MethodResults['attackRuns']): Promise<void> {
    if (this.starting) return;
    const running = runs.findLast(
      ({ request, stage }) => request.attack === this.attack && stage === 'running',
    );
    if (running === undefined) {
      if (this.run?.stage === 'running') this.run = { ...this.run, stage: 'stopped' };
      return;
    }
    if (running.run !== this.run?.run) this.startedAt = 0;
    await this.#watch(running.run);
  }

  take(run: string, events: readonly AttackEvent[]): void {
    // what came before the answer to watchAttack is in that answer
    if (this.run?.run !== run) return;
    this.#follow(events.reduce(foldAttack, this.run));
  }

  /** Pictures in an order that nobody knows. */
  openVote(): void {
    const { kept } = this;
    if (kept === undefined) return;
    const choices = choicesOf(candidatesOf(kept.report, this.index));
    this.curtain = false;
    if (choices.length > 0) this.#lab.votes.set(kept.id, openVote(choices, Math.random));
  }

  changeVote(change: (vote: Vote) => Vote): void {
    const { kept, vote } = this;
    if (kept !== undefined && vote !== undefined) this.#lab.votes.set(kept.id, change(vote));
  }

  /** The pictures are shown without a vote. */
  leaveVote(): void {
    this.curtain = false;
    if (this.kept !== undefined) this.#lab.votes.delete(this.kept.id);
  }

  async #watch(run: string): Promise<void> {
    this.#follow(await this.#lab.app.call('watchAttack', { run }));
  }

  #follow(view: AttackView): void {
    const { finished } = view;
    if (finished !== null) this.#lab.finished(finished.id, finished.report);
    this.run = view;
    if (view.stage === 'running') return;
    if (view.stage === 'done' && this.curtain) this.openVote();
    this.curtain = false;
    void this.#lab.app.call('unwatchAttack', { run: view.run }).catch(() => undefined);
  }
}

function isSameRequest(one: AttackRequest, other: AttackRequest, description: AttackDescription): boolean {
  const { target, seed } = one;
  const whole = { ...one, settings: wholeSettings(description, one.settings), target, seed };
  return isReportOf(description, { ...whole, target: { ...target, description: '' } }, other);
}

function problemOf(error: unknown): HostProblem {
  if (error instanceof HostError) return { code: error.code, message: error.message, details: error.details };
  return { code: 'fault', message: error instanceof Error ? error.message : String(error), details: {} };
}
