/** Time and traffic of a simulation by phase and by round (of a session: session-costs.ts), measured against training and against the model in 32-bit floats. */
import type { SimulationResult } from '../../../core/contract/run-result.ts';
import { bar } from '../charts.ts';
import { card, foldable, type ReportContext, table } from '../context.ts';
import { phaseMeans } from '../../../core/results/figures.ts';
import { costSentences } from '../../../renderer/wording/costs.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';
import { sessionCostsSection } from './session-costs.ts';
import { phaseGlyphs, trafficCells, trafficColumns } from './traffic.ts';

const mostRows = 100;

export function costsSection(context: ReportContext): Markup {
  const { run } = context;
  if (run.rounds.length === 0) return markup``;
  if (run.kind === 'session') return sessionCostsSection(run, context);
  return simulationCosts(run, context);
}

function simulationCosts(run: SimulationResult, context: ReportContext): Markup {
  const { t } = context;
  return card(
    'costs',
    t('costs.heading'),
    markup`<p class="sentence">${costSentences(run, context).join(' ')}</p>
${phaseTable(run, context)}
${foldable(t('costs.rounds'), roundTable(run, context))}`,
  );
}

function phaseTable(run: SimulationResult, context: ReportContext): Markup {
  const { t, formats } = context;
  const phases = phaseMeans(run.rounds);
  const columns = [
    { heading: t('costs.client'), value: 'clientMs', format: formats.milliseconds, colour: 'ink-2' },
    {
      heading: t('costs.coordinator'),
      value: 'coordinatorMs',
      format: formats.milliseconds,
      colour: 'ink-2',
    },
    { heading: t('costs.sent'), value: 'bytesUp', format: formats.bytes, colour: 'masked' },
    { heading: t('costs.received'), value: 'bytesDown', format: formats.bytes, colour: 'masked' },
  ] as const;
  const largest = columns.map(({ value }) => Math.max(1e-9, ...phases.map((phase) => phase[value])));
  return table(
    {
      name: t('costs.heading'),
      className: 'bars',
      caption: t('costs.caption'),
      columns: [{ heading: t('costs.phase') }, ...columns.map(({ heading }) => ({ heading, number: true }))],
      rows: phases.map((phase) => [
        markup`<span class="phase">${glyph(phaseGlyphs[phase.phase], 19)}${t(`phase.${phase.phase}`)}</span>`,
        ...columns.map(
          ({ value, format, colour }, index) =>
            markup`${phase[value] === 0 ? '–' : format(phase[value])}${bar(phase[value] / (largest[index] ?? 1), colour)}`,
        ),
      ]),
      footer: [
        t('costs.total'),
        ...columns.map(({ value, format }) => format(phases.reduce((sum, phase) => sum + phase[value], 0))),
      ],
    },
    context,
  );
}

function roundTable({ rounds }: SimulationResult, context: ReportContext): Markup {
  const { t, formats } = context;
  const number = true;
  return markup`${table(
    {
      name: t('costs.rounds'),
      caption: t('costs.rounds.caption'),
      columns: [
        { heading: t('rounds.round'), number },
        { heading: t('costs.train'), number },
        { heading: t('costs.client'), number },
        { heading: t('costs.coordinator'), number },
        { heading: t('costs.evaluate'), number },
        { heading: t('costs.all'), number },
        ...trafficColumns(context),
      ],
      rows: rounds
        .slice(0, mostRows)
        .map((round) => [
          formats.number(round.round),
          formats.duration(round.ms.train / 1000),
          formats.milliseconds(round.ms.client),
          formats.milliseconds(round.ms.coordinator),
          formats.duration(round.ms.evaluate / 1000),
          formats.duration(round.ms.total / 1000),
          ...trafficCells(round, context),
        ]),
    },
    context,
  )}${rounds.length > mostRows && markup`<p class="label">${t('rounds.more', { count: rounds.length - mostRows })}</p>`}`;
}
