/** The frame of the results table before there is one: the rows that will come, with their references alone. */
import type { ComparisonRow } from '../../../core/contract/run-result.ts';
import { defaultSettings, referenceAccuracies } from '../../../core/results/figures.ts';
import type { Texts } from '../../messages/translate.ts';

export function referenceLines({ t, formats }: Texts) {
  const { clients, rounds: count } = defaultSettings;
  const rows: readonly {
    readonly what: ComparisonRow['name'];
    readonly name: string;
    readonly detail: string;
  }[] = [
    {
      what: 'centralised',
      name: t('results.centralised'),
      detail: t('results.centralised.detail', { count }),
    },
    {
      what: 'single-client',
      name: t('results.single-client'),
      detail: t('results.single-client.detail', { share: formats.percent(1 / clients), count }),
    },
    {
      what: 'federated',
      name: t('results.federated.masked-and-signed'),
      detail: t('results.federated.detail', { clients, count }),
    },
  ];
  return rows.map((row) => ({
    ...row,
    images: '–',
    accuracy: undefined,
    f1Weighted: undefined,
    reference: referenceAccuracies[row.what],
    time: '–',
  }));
}

/** Where the curves are expected to end. */
export function referenceEnds({ t }: Texts) {
  return {
    rounds: defaultSettings.rounds,
    ends: (['centralised', 'single-client', 'federated'] as const).map((name) => ({
      name: t(`curves.${name}`),
      value: referenceAccuracies[name],
    })),
  };
}
