/** Round by round: who answered in each phase, whether the sum was exact, and quantisation error beside its bound. */
import type { RoundResult } from '../../../core/contract/run-result.ts';
import { card, type ReportContext, scientific, table } from '../context.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup, type MarkupValue } from '../markup.ts';

/** A page holds this many rounds, the first and the last; the CSV file holds all. */
const mostRounds = 40;

export function roundsSection(context: ReportContext): Markup {
  const { t, simulation } = context;
  const { settings, resolved, rounds } = simulation;
  if (rounds.length === 0) return markup``;
  const shown =
    rounds.length <= mostRounds
      ? rounds
      : [...rounds.slice(0, mostRounds / 2), ...rounds.slice(-mostRounds / 2)];
  const shared = { clients: settings.clients, threshold: resolved.threshold };
  const caption =
    resolved.graph === 'complete'
      ? t('rounds.caption', shared)
      : t('rounds.caption.sparse', {
          ...shared,
          neighbours: resolved.neighbours,
          neighbourThreshold: resolved.neighbourThreshold,
        });
  const headings = [
    t('rounds.round'),
    t('rounds.attempts'),
    t('rounds.advertised'),
    t('rounds.shared'),
    t(settings.masks ? 'rounds.masked' : 'rounds.masked.off'),
    t('rounds.unmasked'),
    t('rounds.dropped'),
    t('rounds.refused'),
    t('rounds.sum'),
    t('rounds.error'),
    t('rounds.bound'),
    t('rounds.clipped'),
  ];
  return card(
    'rounds',
    t('rounds.heading'),
    markup`${table(
      {
        name: t('rounds.heading'),
        caption,
        columns: headings.map((heading, index) => ({ heading, number: index !== 0 && index !== 8 })),
        rows: shown.map((round) => roundCells(round, context)),
      },
      context,
    )}
${rounds.length > shown.length && markup`<p class="label">${t('rounds.more', { count: rounds.length - shown.length })}</p>`}
<p class="label">${
      settings.quantisation
        ? t('rounds.error.caption', { bits: resolved.bits, step: stepText(context) })
        : t('rounds.error.caption.off')
    }</p>`,
  );
}

function roundCells(round: RoundResult, context: ReportContext): readonly MarkupValue[] {
  const { formats } = context;
  const { clients, quantisationError } = round;
  const count = (value: number): MarkupValue =>
    value === 0 ? markup`<span class="nothing">0</span>` : formats.number(value);
  return [
    formats.number(round.round),
    formats.number(round.attempts),
    formats.number(clients.advertised),
    formats.number(clients.shared),
    formats.number(clients.masked),
    formats.number(clients.unmasked),
    count(round.dropped.length),
    count(round.refused.length),
    sumVerdict(round.exactSum, context),
    quantisationError === null ? '–' : scientific(quantisationError.largest, context),
    quantisationError === null ? '–' : scientific(quantisationError.bound, context),
    clippedShare(round.clippedRate, context),
  ];
}

function sumVerdict(exact: boolean | null, { t }: ReportContext): Markup {
  if (exact === null) return markup`<span class="verdict quiet">${t('rounds.sum.unchecked')}</span>`;
  return exact
    ? markup`<span class="verdict">${glyph('verified', 16)}${t('rounds.sum.exact')}</span>`
    : markup`<span class="verdict refused">${glyph('refused', 16)}${t('rounds.sum.different')}</span>`;
}

function clippedShare(rate: number, { formats }: ReportContext): MarkupValue {
  return rate === 0 ? markup`<span class="nothing">0</span>` : `${formats.fixed(rate * 100, 4)}\u202f%`;
}

/** One unit of the integers that are summed, in units of the update. */
function stepText({ formats, simulation }: ReportContext): string {
  return formats.fixed(1 / simulation.resolved.scale, 9);
}
