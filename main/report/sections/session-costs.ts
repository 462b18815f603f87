/**
 * Time and traffic of a session: by the clock, as its coordinator saw it. What the others' machines computed, only they
 * know; a participant's machine keeps no phases.
 */
import type { SessionResult } from '../../../core/contract/session-result.ts';
import { bar } from '../charts.ts';
import { card, foldable, type ReportContext, table } from '../context.ts';
import { phaseWaits } from '../../../core/results/figures.ts';
import { costSentences, waitText } from '../../../renderer/wording/costs.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';
import { phaseGlyphs, trafficCells, trafficColumns } from './traffic.ts';

const mostRows = 100;

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
  const rows = phaseWaits(session.phases);
  const slowest = Math.max(1e-9, ...rows.map(({ meanMs }) => meanMs));
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
      rows: rows.map(({ phase, meanMs, mostMs, answered, awaited }) => [
        markup`<span class="phase">${glyph(phaseGlyphs[phase], 19)}${t(`phase.${phase}`)}</span>`,
        markup`${waitText(meanMs, context)}${bar(meanMs / slowest, 'ink-2')}`,
        waitText(mostMs, context),
        t('costs.session.of', { answered, awaited }),
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
