/** Which classes are confused: a picture of the errors, the most frequent ones in words, and every class's scores. */
import { confusionChart, mostPicturedClasses } from '../charts.ts';
import { card, foldable, type ReportContext, table } from '../context.ts';
import {
  type ClassError,
  type ClassFigures,
  type ConfusionFigures,
  confusionFigures,
} from '../../../core/results/figures.ts';
import { type Markup, markup } from '../markup.ts';

const mostErrorsListed = 8;
/** Beyond, the table of classes is folded. */
const mostClassesOpen = 12;
const longestAxisName = 14;

export function confusionSection(context: ReportContext): Markup {
  const { t, run } = context;
  const names = run.dataset.classNames;
  const last = run.rounds.at(-1);
  if (last === undefined || names.length === 0) return markup``;
  const figures = confusionFigures(last.confusion, names.length);
  const classes = classTable(figures.classes, context);
  return card(
    'confusion',
    t('confusion.heading'),
    markup`<div class="confusion"><figure>${picture(figures, context)}<figcaption>${
      names.length > mostPicturedClasses
        ? t('confusion.too-large', { classes: names.length })
        : t('confusion.caption')
    }</figcaption></figure>
<div><h3>${t('confusion.largest')}</h3>${
      figures.errors.length === 0
        ? markup`<p>${t('confusion.no-errors')}</p>`
        : markup`<ol class="errors">${figures.errors
            .slice(0, mostErrorsListed)
            .map(
              (error) =>
                markup`<li><span>${errorName(context, error)}</span><span class="number">${t(
                  'confusion.largest.count',
                  { errors: error.count, total: figures.classes[error.actual]?.images ?? 0 },
                )}</span></li>`,
            )}</ol>`
    }${names.length <= mostClassesOpen && classes}</div></div>
${names.length > mostClassesOpen && foldable(t('confusion.classes'), classes)}
<p class="label">${t('confusion.classes.caption')}</p>`,
  );
}

function errorName({ t, run }: ReportContext, error: ClassError): string {
  const { classNames } = run.dataset;
  return t('confusion.largest.item', {
    true: classNames[error.actual] ?? '',
    predicted: classNames[error.predicted] ?? '',
  });
}

function picture(figures: ConfusionFigures, context: ReportContext): Markup | undefined {
  const { t, formats, run } = context;
  const names = run.dataset.classNames;
  if (names.length > mostPicturedClasses) return undefined;
  const [largest] = figures.errors;
  return confusionChart({
    figures,
    names: names.map((name) =>
      name.length > longestAxisName ? `${name.slice(0, longestAxisName - 1)}…` : name,
    ),
    alt:
      largest === undefined
        ? t('confusion.alt.none')
        : t('confusion.alt', {
            count: figures.errorCount,
            largest: `${errorName(context, largest)}, ${formats.number(largest.count)}`,
          }),
    axes: { actual: t('confusion.true'), predicted: t('confusion.read') },
  });
}

function classTable(classes: readonly ClassFigures[], context: ReportContext): Markup {
  const { t, formats, run } = context;
  return table(
    {
      name: t('confusion.classes'),
      className: 'compact',
      caption: markup`<span class="visually-hidden">${t('confusion.classes')}</span>`,
      columns: [
        { heading: t('confusion.class') },
        ...(['images', 'recall', 'precision', 'f1'] as const).map((column) => ({
          heading: t(`confusion.${column}`),
          number: true,
        })),
      ],
      rows: classes.map((figures) => [
        run.dataset.classNames[figures.index] ?? '',
        formats.number(figures.images),
        formats.score(figures.recall),
        formats.score(figures.precision),
        formats.score(figures.f1),
      ]),
    },
    context,
  );
}
