/**
 * What went other than planned: summed up in a sentence per round, each event in a folded list. Bounded, so that
 * a run of 500 clients stays readable; what is left out is counted, and stands in the JSON file.
 */
import {
  isUnusual,
  type UnusualEvent,
  type UnusualKind,
  unusualKinds,
} from '../../../core/contract/run-result.ts';
import { card, foldable, type ReportContext, table } from '../context.ts';
import { type FederatedRun, nameOfClient, ranges } from '../figures.ts';
import { type Glyph, glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';

const mostEventsPerRound = 40;
const mostRounds = 40;
const mostNamedRanges = 24;

const glyphs: Readonly<Record<UnusualKind, Glyph>> = {
  dropped: 'dropped',
  recovered: 'recovered',
  refused: 'refused',
  retried: 'hollow',
  aborted: 'warning',
  'share-missing': 'warning',
  'process-replaced': 'hollow',
};

interface RoundStory {
  readonly round: number;
  readonly result: FederatedRun['rounds'][number] | undefined;
  readonly events: readonly UnusualEvent[];
}

export function eventsSection(context: ReportContext): Markup {
  const { t } = context;
  const stories = storiesOf(context);
  if (stories.length === 0) return markup``;
  const eventful = stories.filter((story) => clauses(story, context).length > 0);
  const quiet = stories.filter((story) => clauses(story, context).length === 0).map((story) => story.round);
  return card(
    'events',
    t('events.heading'),
    markup`${eventful.length === 0 && quiet.length > 0 && markup`<p class="sentence">${t('events.quiet')}</p>`}
${eventful.length > 0 && markup`<ol class="stories">${eventful.slice(0, mostRounds).map((story) => roundStory(story, context))}</ol>`}
${eventful.length > mostRounds && markup`<p>${t('events.more-rounds', { count: eventful.length - mostRounds })}</p>`}
${eventful.length > 0 && quiet.length > 0 && markup`<p>${t('events.quiet-rounds', { rounds: ranges(quiet).join(', '), count: quiet.length })}</p>`}`,
  );
}

/** Every round that left a result or an event, an aborted one included. */
function storiesOf({ run }: ReportContext): readonly RoundStory[] {
  const eventsByRound = Map.groupBy(run.events.filter(isUnusual), (event) => event.round);
  const results = new Map<number, FederatedRun['rounds'][number]>(
    run.rounds.map((round) => [round.round, round]),
  );
  const rounds = [...new Set([...results.keys(), ...eventsByRound.keys()])].sort(
    (first, second) => first - second,
  );
  return rounds.map((round) => ({
    round,
    result: results.get(round),
    events: eventsByRound.get(round) ?? [],
  }));
}

/** What there is to say, most important first; the round's own record wins over the count of events. */
function clauses({ result, events }: RoundStory, { t, session }: ReportContext): readonly string[] {
  const count = (kind: UnusualKind): number => events.filter((event) => event.kind === kind).length;
  const attempts = result === undefined ? count('retried') : result.attempts - 1;
  const parts = [
    { key: 'events.aborted', count: count('aborted') },
    {
      key: session === undefined ? 'events.dropped' : 'events.dropped.session',
      count: result?.dropped.length ?? count('dropped'),
    },
    { key: 'events.recovered', count: count('recovered') },
    { key: 'events.refused', count: result?.refused.length ?? count('refused') },
    { key: 'events.retried', count: attempts },
    { key: 'events.share-missing', count: count('share-missing') },
    { key: 'events.replaced', count: count('process-replaced') },
  ] as const;
  return parts.filter((part) => part.count > 0).map((part) => t(part.key, { count: part.count }));
}

function roundStory(story: RoundStory, context: ReportContext): Markup {
  const { t } = context;
  const kinds = unusualKinds.filter((kind) => story.events.some((event) => event.kind === kind));
  return markup`<li><h3>${story.round === 0 ? t('events.outside') : t('events.round', { round: story.round })}<span class="marks">${kinds.map((kind) => glyph(glyphs[kind], 16))}</span></h3>
<div><p>${sentence(clauses(story, context), context)}</p>
${whoLeft(story, context)}
${eventList(story, context)}</div></li>
`;
}

function sentence(parts: readonly string[], { t }: ReportContext): string {
  const text = parts.reduce((first, second) => t('events.joint', { first, second }));
  return `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}.`;
}

function whoLeft({ round, result, events }: RoundStory, { t, run }: ReportContext): Markup | undefined {
  const dropped =
    result?.dropped ??
    events.flatMap(({ kind, client }) => (kind === 'dropped' && client !== undefined ? [client] : []));
  if (dropped.length === 0) return undefined;
  const named =
    run.kind === 'session'
      ? dropped.map((client) => nameOfClient(client, round, run) ?? t('client', { client }))
      : ranges(dropped);
  const shown = named.slice(0, mostNamedRanges).join(', ');
  const rest = named.length - mostNamedRanges;
  return markup`<p class="label">${t('events.who', {
    clients: rest > 0 ? `${shown} ${t('and-more-clients', { count: rest })}` : shown,
  })}</p>`;
}

function eventList({ round, result, events }: RoundStory, context: ReportContext): Markup | undefined {
  const { t } = context;
  const rows = [
    ...events.map((event) => ({
      kind: event.kind,
      client: event.client,
      stranger: round === 0 ? event.detail['who'] : undefined,
      phase: event.phase,
      detail: Object.entries(event.detail)
        .filter(([name]) => round > 0 || name !== 'who')
        .map(
          ([name, value]) => `${name} ${typeof value === 'number' ? context.formats.number(value) : value}`,
        )
        .join(', '),
    })),
    // A refusal that left no event of its own still stands in the round's record.
    ...(events.some((event) => event.kind === 'refused') ? [] : (result?.refused ?? [])).map((refusal) => ({
      kind: 'refused' as const,
      client: refusal.client,
      stranger: undefined,
      phase: refusal.phase,
      detail: refusal.reason,
    })),
  ];
  if (rows.length === 0) return undefined;
  const rest = rows.length - mostEventsPerRound;
  return foldable(
    t('events.list', { count: rows.length }),
    markup`${table(
      {
        name: t('events.list', { count: rows.length }),
        className: 'compact',
        caption: markup`<span class="visually-hidden">${t('events.list', { count: rows.length })}</span>`,
        columns: (['who', 'what', 'phase', 'detail'] as const).map((column) => ({
          heading: t(`events.column.${column}`),
        })),
        rows: rows
          .slice(0, mostEventsPerRound)
          .map((row) => [
            row.stranger === undefined ? whoDid(row.client, round, context) : String(row.stranger),
            markup`<span class="phase">${glyph(glyphs[row.kind], 15)}${t(`event.${row.kind}`)}</span>`,
            phaseName(row.phase, context),
            row.detail,
          ]),
      },
      context,
    )}${rest > 0 && markup`<p class="label">${t('events.more', { count: rest })}</p>`}`,
  );
}

/** By name in a session; client 0 is the coordinator too, in a list of what was refused. */
function whoDid(client: number | undefined, round: number, { t, run }: ReportContext): string {
  if (client === undefined || client === 0) return t('coordinator');
  return nameOfClient(client, round, run) ?? t('client', { client });
}

const phaseNames = [
  'advertise-keys',
  'share-keys',
  'train',
  'masked-input',
  'statement',
  'unmask',
  'aggregate',
  'evaluate',
] as const;

/** A phase that the report does not know is shown as it is named. */
function phaseName(phase: string, { t }: ReportContext): string {
  const known = phaseNames.find((name) => name === phase);
  return known === undefined ? phase : t(`phase.${known}`);
}
