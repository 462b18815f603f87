/** Round by round: who answered in each phase, whether the sum was exact, and quantisation error beside its bound. */
import type { SimulationResult } from '../../../core/contract/run-result.ts';
import { isNoised } from '../../../core/contract/run-settings.ts';
import { card, type ReportContext, scientific, table } from '../context.ts';
import { clientCount, type FederatedRun } from '../../../core/results/figures.ts';
import { deltaText, privacyFigures } from '../../../renderer/wording/privacy.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup, type MarkupValue } from '../markup.ts';

/** A page holds this many rounds, the first and the last; the CSV file holds all. */
const mostRounds = 40;

type Round = FederatedRun['rounds'][number];

interface RoundColumn {
  readonly heading: string;
  readonly number: boolean;
  readonly cell: (round: Round) => MarkupValue;
}

export function roundsSection(context: ReportContext): Markup {
  const { t, run } = context;
  const { rounds } = run;
  if (rounds.length === 0) return markup``;
  const shown =
    rounds.length <= mostRounds
      ? rounds
      : [...rounds.slice(0, mostRounds / 2), ...rounds.slice(-mostRounds / 2)];
  const columns = columnsOf(context);
  return card(
    'rounds',
    t('rounds.heading'),
    markup`${table(
      {
        name: t('rounds.heading'),
        caption: captionOf(context),
        columns: columns.map(({ heading, number }) => ({ heading, number })),
        rows: shown.map((round) => columns.map(({ cell }) => cell(round))),
      },
      context,
    )}
${rounds.length > shown.length && markup`<p class="label">${t('rounds.more', { count: rounds.length - shown.length })}</p>`}
${run.kind === 'simulation' && !isNoised(run.settings) && markup`<p class="label">${errorText(run, context)}</p>`}
${privacyText(context)}`,
  );
}

function captionOf({ t, run }: ReportContext): string {
  const { resolved, kind } = run;
  const clients = clientCount(run);
  const threshold = resolved?.threshold ?? clients;
  const whose = kind === 'session' ? 'rounds.caption.session' : 'rounds.caption';
  if (resolved?.graph !== 'sparse') return t(whose, { clients, threshold });
  const { neighbours, neighbourThreshold } = resolved;
  return t(`${whose}.sparse`, { clients, threshold, neighbours, neighbourThreshold });
}

function columnsOf(context: ReportContext): readonly RoundColumn[] {
  const { t, formats, run, session } = context;
  const number = (heading: string, cell: RoundColumn['cell']): RoundColumn => ({
    heading,
    number: true,
    cell,
  });
  const counted = (value: number): MarkupValue =>
    value === 0 ? markup`<span class="nothing">0</span>` : formats.number(value);
  const epochs = session !== undefined && session.session.epochs.length > 1;
  return [
    { ...number(t('rounds.round'), ({ round }) => formats.number(round)), number: false },
    ...(epochs
      ? [number(t('rounds.epoch'), (round) => ('epoch' in round ? formats.number(round.epoch) : '–'))]
      : []),
    number(t('rounds.attempts'), ({ attempts }) => formats.number(attempts)),
    number(t('rounds.advertised'), ({ clients }) => formats.number(clients.advertised)),
    number(t('rounds.shared'), ({ clients }) => formats.number(clients.shared)),
    number(t(run.settings.masks ? 'rounds.masked' : 'rounds.masked.off'), ({ clients }) =>
      formats.number(clients.masked),
    ),
    number(t('rounds.unmasked'), ({ clients }) => formats.number(clients.unmasked)),
    number(t('rounds.dropped'), ({ dropped }) => counted(dropped.length)),
    number(t('rounds.refused'), ({ refused }) => counted(refused.length)),
    ...(run.kind === 'simulation' ? simulatedColumns(context) : []),
    ...(isNoised(run.settings)
      ? privacyColumns(context)
      : [number(t('rounds.clipped'), ({ clippedRate }) => clippedShare(clippedRate, context))]),
  ];
}

/** What takes everybody's updates to know. */
function simulatedColumns(context: ReportContext): readonly RoundColumn[] {
  const { t, run } = context;
  const error = (round: Round, which: 'largest' | 'bound'): MarkupValue =>
    'quantisationError' in round && round.quantisationError !== null
      ? scientific(round.quantisationError[which], context)
      : '–';
  return [
    {
      heading: t('rounds.sum'),
      number: false,
      cell: (round) => ('exactSum' in round ? sumVerdict(round.exactSum, context) : '–'),
    },
    // noise drowns it
    ...(isNoised(run.settings)
      ? []
      : [
          { heading: t('rounds.error'), number: true, cell: (round: Round) => error(round, 'largest') },
          { heading: t('rounds.bound'), number: true, cell: (round: Round) => error(round, 'bound') },
        ]),
  ];
}

/** What the columns about noise say, in which distributed noise is told from central noise. */
function privacyText({ run, t }: ReportContext): Markup | false {
  const privacy = run.rounds.at(-1)?.privacy;
  if (privacy === undefined) return false;
  const { delta, honest } = privacy;
  return markup`<p class="label">${t('rounds.privacy.caption', { delta: deltaText(delta), honest })}</p>`;
}

function errorText({ settings, resolved }: SimulationResult, context: ReportContext): string {
  const { t } = context;
  return settings.quantisation
    ? t('rounds.error.caption', { bits: resolved.bits, step: stepText(resolved.scale, context) })
    : t('rounds.error.caption.off');
}

function sumVerdict(exact: boolean | null, { t }: ReportContext): Markup {
  if (exact === null) return markup`<span class="verdict quiet">${t('rounds.sum.unchecked')}</span>`;
  return exact
    ? markup`<span class="verdict">${glyph('verified', 16)}${t('rounds.sum.exact')}</span>`
    : markup`<span class="verdict refused">${glyph('refused', 16)}${t('rounds.sum.different')}</span>`;
}

function privacyColumns(context: ReportContext): readonly RoundColumn[] {
  const { t } = context;
  const column = (heading: string, figure: keyof ReturnType<typeof privacyFigures>): RoundColumn => ({
    heading,
    number: true,
    cell: ({ privacy }) =>
      privacy === undefined ? t('rounds.not-told') : privacyFigures(privacy, context)[figure],
  });
  return [
    column(t('rounds.epsilon'), 'epsilon'),
    column(t('rounds.noise'), 'noise'),
    column(t('rounds.update'), 'update'),
  ];
}

function clippedShare(rate: number | null, { t, formats }: ReportContext): MarkupValue {
  if (rate === null) return t('rounds.not-told');
  return rate === 0 ? markup`<span class="nothing">0</span>` : `${formats.fixed(rate * 100, 4)}\u202f%`;
}

/** One unit of the integers that are summed, in units of the update. */
function stepText(scale: number, { formats }: ReportContext): string {
  return formats.fixed(1 / scale, 9);
}
