/** Results: the simulations, comparisons and sessions of this machine, as a list, one by one, to remove, to take away. */
import type { RunResult } from '../../core/contract/run-result.ts';
import type { ResultSummary } from '../../core/contract/results.ts';
import { sessionResult } from '../session/session-result.ts';
import type { SessionRow } from '../storage/store.ts';
import type { Activities } from './activities.ts';
import { HostFailure, type HostMethods } from './calls.ts';
import { exportResult } from './export-result.ts';
import type { Removals } from './removals.ts';
import { summarise } from './result-summary.ts';
import type { HostServices } from './services.ts';
import type { Shell } from './shell.ts';

export type ResultMethods = Pick<
  HostMethods,
  'results' | 'result' | 'deleteResults' | 'restoreResults' | 'exportResult'
>;

interface Parts {
  readonly services: HostServices;
  readonly shell: Shell;
  readonly activities: Activities;
  readonly removals: Removals;
  /** The list has changed. */
  readonly changed: () => void;
}

/** A result with what its store has beside it. */
export interface Kept {
  readonly id: string;
  readonly title: string;
  readonly result: RunResult;
  /** undefined for simulations and comparisons. */
  readonly session: SessionRow | undefined;
}

type Name = { readonly run: number } | { readonly session: string };

/** resultIdSchema (core/contract/results.ts) has checked its form. */
function nameOf(id: string): Name {
  return id.startsWith('run-') ? { run: Number(id.slice(4)) } : { session: id.slice('session-'.length) };
}

export function resultMethods({ services, shell, activities, removals, changed }: Parts): ResultMethods {
  const { store, version } = services;
  // what has ended does not change any more
  const summaries = new Map<string, ResultSummary>();

  const keptSession = (session: SessionRow): Kept => ({
    id: `session-${session.session}`,
    title: session.title,
    result: sessionResult(store, session, version),
    session,
  });
  const find = (id: string): Kept | undefined => {
    const name = nameOf(id);
    if ('run' in name) {
      const row = store.experiment(name.run);
      return row && { id, title: row.title, result: row.result, session: undefined };
    }
    const row = store.session(name.session);
    return row && keptSession(row);
  };
  const get = (id: string): Kept => {
    const kept = find(id);
    if (kept !== undefined) return kept;
    throw new HostFailure('result-unknown', 'Cannot find this result: it was deleted, or never was.');
  };

  const experimentSummary = (id: string): ResultSummary | undefined => {
    const kept = find(id);
    const known = kept && summarise(id, kept.title, kept.result, false);
    if (known !== undefined) summaries.set(id, known);
    return known;
  };
  const sessionSummary = (row: SessionRow): ResultSummary => {
    const id = `session-${row.session}`;
    const isOver = row.state !== 'lobby' && row.state !== 'running';
    const resumable = !isOver && activities.withOpen(id) === undefined;
    const known = summarise(id, row.title, keptSession(row).result, resumable);
    if (isOver) summaries.set(id, known);
    return known;
  };

  return {
    results() {
      const experiments = store
        .experiments()
        .map(({ id }) => `run-${id}`)
        .flatMap((id) => summaries.get(id) ?? experimentSummary(id) ?? []);
      const sessions = store
        .sessions()
        .map((row) => summaries.get(`session-${row.session}`) ?? sessionSummary(row));
      return [...experiments, ...sessions].sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
    },
    result: ({ id }) => get(id).result,
    deleteResults({ ids }) {
      const open = ids.find((id) => activities.withOpen(id) !== undefined);
      if (open !== undefined) {
        throw new HostFailure(
          'result-open',
          `Cannot delete "${get(open).title}", as it has not ended. Stop it first.`,
        );
      }
      const at = removals.now();
      for (const name of ids.map(nameOf)) {
        if ('run' in name) store.removeExperiment(name.run, at);
        else store.removeSession(name.session, at);
      }
      changed();
      return null;
    },
    restoreResults({ ids }) {
      for (const name of ids.map(nameOf)) {
        if ('run' in name) store.restoreExperiment(name.run);
        else store.restoreSession(name.session);
      }
      changed();
      return null;
    },
    async exportResult({ id, format, language }) {
      const file = await exportResult(get(id), format, language, { store, version, shell });
      if (shell.saveFile === undefined) return file;
      return { saved: await shell.saveFile(file) };
    },
  };
}
