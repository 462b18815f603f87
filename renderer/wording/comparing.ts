/** Several runs side by side: what came of each, the settings that differ, and a sentence on which got further. */
import type { RunResult } from '../../core/contract/run-result.ts';
import type { SettingName } from '../../core/contract/run-settings.ts';
import { clientCount, engineOf, type FederatedRun, runOf } from '../../core/results/figures.ts';
import type { Texts } from '../messages/translate.ts';
import { pointsOf } from './finding.ts';
import { settingNamesOf, settingValue } from './settings.ts';

export interface ComparedLine {
  readonly name: string;
  /** One for each run; '–' where it has none. */
  readonly values: readonly string[];
  readonly differs: boolean;
}

const nothing = '–';

/** Of a report's words, of the program's own housekeeping: no difference between two experiments. */
const notCompared: readonly SettingName[] = ['language'];

/** What came of each. */
export function outcomeLines(results: readonly RunResult[], texts: Texts): readonly ComparedLine[] {
  const { t, formats } = texts;
  const runs = results.map(runOf);
  const recovered = ({ events }: FederatedRun): number =>
    events.filter(({ kind }) => kind === 'recovered').length;
  const left = ({ rounds }: FederatedRun): number =>
    rounds.reduce((sum, { dropped }) => sum + dropped.length, 0);
  const line = (name: string, value: (run: FederatedRun, index: number) => string): ComparedLine =>
    lineOf(name, runs.map(value));
  return [
    line(t('results.accuracy'), ({ final }) => (final === null ? nothing : formats.score(final.accuracy))),
    line(t('results.f1'), ({ final }) => (final === null ? nothing : formats.score(final.f1Weighted))),
    line(t('runs.differs.rounds'), ({ rounds }) => formats.number(rounds.length)),
    line(t('runs.differs.left'), (run) => formats.number(left(run))),
    line(t('runs.differs.recovered'), (run) => formats.number(recovered(run))),
    line(t('results.time'), (_, index) => formats.duration(results[index]?.seconds ?? 0)),
  ];
}

/** Every setting that any of them has, the number of people of a session among them; of the engine, what trained. */
export function settingLines(results: readonly RunResult[], texts: Texts): readonly ComparedLine[] {
  const { t, formats } = texts;
  const runs = results.map(runOf);
  const names = [
    ...new Set<SettingName>(['clients', 'engine', ...runs.flatMap((run) => settingNamesOf(run))]),
  ].filter((name) => !notCompared.includes(name));
  const data = lineOf(
    t('setting.dataset'),
    runs.map(({ dataset }) => dataset.name),
  );
  const model = lineOf(
    t('setting.model'),
    runs.map((run) => run.model.name),
  );
  return [
    data,
    model,
    ...names
      .filter((name) => name !== 'dataset' && name !== 'model')
      .map((name) =>
        lineOf(
          t(`setting.${name}`),
          runs.map((run) => {
            if (name === 'clients') return formats.number(clientCount(run));
            if (name === 'engine') return engineOf(run) ?? nothing;
            return settingNamesOf(run).includes(name) ? settingValue(name, run, texts) : nothing;
          }),
        ),
      ),
  ];
}

/** What one of them has not cannot differ. */
function lineOf(name: string, values: readonly string[]): ComparedLine {
  return { name, values, differs: new Set(values.filter((value) => value !== nothing)).size > 1 };
}

/** Whether different engines trained them, on the machines that tell. */
export function haveOtherEngines(results: readonly RunResult[]): boolean {
  return new Set(results.flatMap((result) => engineOf(runOf(result)) ?? [])).size > 1;
}

/** Which got further; names: how each is called. undefined where fewer than two have a result. */
export function comparedHeadline(
  results: readonly RunResult[],
  names: readonly string[],
  texts: Texts,
): string | undefined {
  const { t } = texts;
  const ranked = results
    .flatMap((result, index) => {
      const { final, rounds } = runOf(result);
      return final === null || rounds.length === 0
        ? []
        : [{ name: names[index] ?? '', accuracy: final.accuracy }];
    })
    .sort((one, other) => other.accuracy - one.accuracy);
  const [best, last] = [ranked[0], ranked.at(-1)];
  if (best === undefined || last === undefined || ranked.length < 2) return undefined;
  const points = t('points', { count: pointsOf(best.accuracy - last.accuracy) });
  if (pointsOf(best.accuracy - last.accuracy) === 0)
    return t('runs.compared.level', { names: texts.formats.list(ranked.map(({ name }) => name)) });
  return ranked.length === 2
    ? t('runs.compared.two', { best: best.name, points, last: last.name })
    : t('runs.compared.many', { best: best.name, points, last: last.name });
}
