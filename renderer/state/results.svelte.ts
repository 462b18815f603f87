/** Past runs as the results screens have them: the list, those that are chosen, and the whole of those that were opened. */
import { SvelteMap } from 'svelte/reactivity';
import type { MethodArguments, MethodName, MethodResults } from '../../core/contract/host.ts';
import type { ResultSummary } from '../../core/contract/results.ts';
import type { RunResult } from '../../core/contract/run-result.ts';
import { type ResultProblem, resultProblemOf, resultProblemText } from '../wording/result-problem.ts';
import type { AppState } from './app.svelte.ts';

export type ExportFormat = MethodArguments<'exportResult'>['format'];

/** More lines than that cannot be told apart in one chart. */
export const mostCompared = 6;

export class ResultsState {
  /** The newest first; null before it is known. */
  list = $state.raw<readonly ResultSummary[] | null>(null);
  /** Why the list could not be had. */
  problem = $state.raw<ResultProblem | null>(null);
  /** Ids, in the order in which they were chosen. */
  chosen = $state.raw<readonly string[]>([]);
  readonly #app: AppState;
  readonly #whole = new SvelteMap<string, RunResult>();
  /** By id: why a result could not be had. */
  readonly #failed = new SvelteMap<string, ResultProblem>();
  readonly #coming = new Set<string>();

  constructor(app: AppState) {
    this.#app = app;
  }

  async reload(): Promise<void> {
    try {
      const list = await this.#app.call('results', {});
      this.#forgetChanged(list);
      this.list = list;
      this.problem = null;
      this.chosen = this.chosen.filter((id) => list.some((summary) => summary.id === id));
    } catch (error) {
      this.problem = resultProblemOf(error);
    }
  }

  summary(id: string): ResultSummary | undefined {
    return this.list?.find((summary) => summary.id === id);
  }

  /** undefined until it is here: see open(). */
  whole(id: string): RunResult | undefined {
    return this.#whole.get(id);
  }

  failure(id: string): ResultProblem | undefined {
    return this.#failed.get(id);
  }

  /** Fetches a whole result, once. For $effect. */
  open(id: string): void {
    if (this.#whole.has(id) || this.#coming.has(id)) return;
    this.#coming.add(id);
    this.#app.call('result', { id }).then(
      (result) => {
        this.#coming.delete(id);
        this.#failed.delete(id);
        this.#whole.set(id, result);
      },
      (error: unknown) => {
        this.#coming.delete(id);
        this.#failed.set(id, resultProblemOf(error));
      },
    );
  }

  /** False where no more can be compared. */
  toggle(id: string): boolean {
    if (this.chosen.includes(id)) {
      this.chosen = this.chosen.filter((other) => other !== id);
      return true;
    }
    if (this.chosen.length >= mostCompared) return false;
    this.chosen = [...this.chosen, id];
    return true;
  }

  /** With a way back, in the toast that tells of it. */
  async remove(ids: readonly string[]): Promise<boolean> {
    const app = this.#app;
    const gone = [...ids];
    if ((await this.attempt('deleteResults', { ids: gone })) === undefined) return false;
    this.list = this.list?.filter(({ id }) => !gone.includes(id)) ?? null;
    this.chosen = this.chosen.filter((id) => !gone.includes(id));
    app.toast(app.texts.t('runs.deleted', { count: gone.length }), {
      undo: () => {
        void this.attempt('restoreResults', { ids: gone }).then(() => this.reload());
      },
    });
    return true;
  }

  /** What a person pressed: a failure is told in a toast, in their language; undefined then. */
  async attempt<Name extends MethodName>(
    name: Name,
    args: MethodArguments<Name>,
  ): Promise<MethodResults[Name] | undefined> {
    const app = this.#app;
    try {
      return await app.call(name, args);
    } catch (error) {
      app.toast(resultProblemText(resultProblemOf(error), app.texts), { kind: 'problem' });
      return undefined;
    }
  }

  #forgetChanged(list: readonly ResultSummary[]): void {
    for (const summary of list) {
      const before = this.summary(summary.id);
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(summary))
        this.#whole.delete(summary.id);
    }
  }
}

const states = new WeakMap<AppState, ResultsState>();

/** One for all screens of results, so that what was chosen is still chosen when one comes back. */
export function resultsOf(app: AppState): ResultsState {
  const state = states.get(app) ?? new ResultsState(app);
  states.set(app, state);
  return state;
}
