/** A past run in a line: what a list of results shows of it. */
import type { RunResult } from '../../core/contract/run-result.ts';
import type { ResultSummary } from '../../core/contract/results.ts';
import { clientCount, engineOf, runOf } from '../../core/results/figures.ts';

/** resumable: this machine can go on with it. */
export function summarise(id: string, title: string, result: RunResult, resumable: boolean): ResultSummary {
  const run = runOf(result);
  const { signatures, masks, quantisation } = run.settings;
  const session = run.kind === 'session' ? run.session : undefined;
  return {
    id,
    kind: result.kind,
    role: session?.role ?? null,
    title: session?.title ?? title,
    startedAt: result.startedAt,
    seconds: result.seconds,
    clients: clientCount(run),
    roundsDone: run.rounds.length,
    rounds: run.settings.rounds,
    protections: { signatures, masks, quantisation },
    demonstration: session?.demonstration ?? !(signatures && masks && quantisation),
    accuracy: run.rounds.map(({ accuracy }) => accuracy),
    final: finalOf(run),
    dropped: run.rounds.reduce((sum, { dropped }) => sum + dropped.length, 0),
    recovered: run.events.filter(({ kind }) => kind === 'recovered').length,
    ended: run.ended ?? null,
    resumable,
    engine: engineOf(run)?.replaceAll(/ \([^)]*\)/g, '') ?? null,
    rows: result.kind === 'comparison' ? result.rows.map(({ curve: _curve, ...row }) => row) : [],
  };
}

/** Nothing where no round was finished: the model is the untrained one then. */
function finalOf({ rounds, final }: ReturnType<typeof runOf>): ResultSummary['final'] {
  return final === null || rounds.length === 0
    ? null
    : { accuracy: final.accuracy, f1Weighted: final.f1Weighted };
}
