/** Time and traffic of a run in sentences, measured against training and against the model in 32-bit floats. */
import { type FederatedRun, mean } from '../../core/results/figures.ts';
import type { Texts } from '../messages/translate.ts';

const bytesPerFloat = 4;

/** How long somebody waited: in milliseconds below a second. */
export function waitText(ms: number, { formats }: Texts): string {
  return ms < 1000 ? formats.milliseconds(Math.round(ms)) : formats.duration(ms / 1000);
}

/** Of a run with at least one round. */
export function costSentences(run: FederatedRun, { t, formats }: Texts): readonly string[] {
  const modelBytes = run.model.parameters * bytesPerFloat;
  const over = (value: (round: FederatedRun['rounds'][number]) => number): number =>
    mean(run.rounds.map(value));
  const traffic = t('costs.traffic', {
    ratio: formats.fixed(over((round) => round.bytesUpPerClient.mean) / modelBytes, 2),
    down: formats.fixed(over((round) => round.bytesDownPerClient.mean) / modelBytes, 2),
    model: formats.bytes(modelBytes),
  });
  const coordinator = formats.milliseconds(over(({ ms }) => ms.coordinator));
  if (run.kind === 'session')
    return [
      traffic,
      t('costs.session.time', { time: formats.duration(over(({ ms }) => ms.total) / 1000), coordinator }),
    ];
  return [
    traffic,
    t('costs.time', {
      train: formats.duration(mean(run.rounds.map(({ ms }) => ms.train)) / 1000),
      client: formats.milliseconds(mean(run.rounds.map(({ ms }) => ms.client))),
      coordinator,
    }),
    t('costs.share', { share: formats.percent(run.trainingShare) }),
  ];
}
