/**
 * Time and traffic of a session: by the clock, as its coordinator saw it. What the others' machines computed, only they
 * know; a participant's machine keeps no phases.
 */
import type { SessionPhase, SessionResult } from '../../../core/contract/session-result.ts';
import { bar } from '../charts.ts';
import { card, foldable, type ReportContext, table } from '../context.ts';
import { mean } from '../../../core/results/figures.ts';
import { costSentences, waitText } from '../../../renderer/wording/costs.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';
import { phaseGlyphs, trafficCells, trafficColumns } from './traffic.ts';

const mostRows = 100;

const phases = ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask'] as const;

export function sessionCostsSection(session: SessionResult, context: ReportContext): Markup {
  const { t } = context;
  return card(
    'costs',
    t('costs.heading'),
    markup`<p class="sentence">${costSentences(session, context).join(' ')}</p>
${session.phases.length > 0 && phaseTable(session, context)}
${foldable(t('costs.rounds'), roundTable(session, context))}`,
  );
}

function phaseTable(session: SessionResult, context: ReportContext): Markup {
  const { t } = context;
  const rows = phases
    .map((phase) => ({ phase, waits: session.phases.filter((one) => one.phase === phase) }))
    .filter(({ waits }) => waits.length > 0);
  const times = ({ waits }: { readonly waits: readonly SessionPhase[] }): readonly number[] =>
    waits.map(({ ms }) => ms);
  const slowest = Math.max(1e-9, ...rows.map((row) => mean(times(row))));
  const total = (of: (phase: SessionPhase) => number, waits: readonly SessionPhase[]): number =>
    waits.reduce((sum, phase) => sum + of(phase), 0);
  return table(
    {
      name: t('costs.heading'),
      className: 'bars',
      caption: t('costs.session.caption'),
      columns: [
        { heading: t('costs.phase') },
        { heading: t('costs.session.mean'), number: true },
        { heading: t('costs.session.most'), number: true },
        { heading: t('costs.session.answered'), number: true },
      ],
      rows: rows.map((row) => [
        markup`<span class="phase">${glyph(phaseGlyphs[row.phase], 19)}${t(`phase.${row.phase}`)}</span>`,
        markup`${waitText(mean(times(row)), context)}${bar(mean(times(row)) / slowest, 'ink-2')}`,
        waitText(Math.max(...times(row)), context),
        t('costs.session.of', {
          answered: total(({ answered }) => answered, row.waits),
          awaited: total(({ awaited }) => awaited, row.waits),
        }),
      ]),
    },
    context,
  );
}

function roundTable({ rounds }: SessionResult, context: ReportContext): Markup {
  const { t, formats } = context;
  const number = true;
  return markup`${table(
    {
      name: t('costs.rounds'),
      caption: t('costs.session.rounds.caption'),
      columns: [
        { heading: t('rounds.round'), number },
        { heading: t('costs.all'), number },
        { heading: t('costs.evaluate'), number },
        { heading: t('costs.coordinator'), number },
        ...trafficColumns(context),
      ],
      rows: rounds
        .slice(0, mostRows)
        .map((round) => [
          formats.number(round.round),
          formats.duration(round.ms.total / 1000),
          formats.duration(round.ms.evaluate / 1000),
          formats.milliseconds(round.ms.coordinator),
          ...trafficCells(round, context),
        ]),
    },
    context,
  )}${rounds.length > mostRows && markup`<p class="label">${t('rounds.more', { count: rounds.length - mostRows })}</p>`}`;
}
