/**
 * What went other than planned: summed up in a sentence per round, each event in a folded list. Bounded, so that
 * a run of 500 clients stays readable; what is left out is counted, and stands in the JSON file.
 */
import { type UnusualKind, unusualKinds } from '../../../core/contract/run-result.ts';
import { ranges } from '../../../core/results/figures.ts';
import {
  happeningsOf,
  type RoundStory,
  storiesOf,
  storyHeading,
  storySentence,
  whoLeft,
} from '../../../renderer/wording/stories.ts';
import { card, foldable, type ReportContext, table } from '../context.ts';
import { type Glyph, glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';

const mostEventsPerRound = 40;
const mostRounds = 40;

const glyphs: Readonly<Record<UnusualKind, Glyph>> = {
  dropped: 'dropped',
  recovered: 'recovered',
  refused: 'refused',
  retried: 'hollow',
  aborted: 'warning',
  'share-missing': 'warning',
  'process-replaced': 'hollow',
};

export function eventsSection(context: ReportContext): Markup {
  const { t, run } = context;
  const stories = storiesOf(run).map((story) => ({ story, sentence: storySentence(story, run, context) }));
  if (stories.length === 0) return markup``;
  const eventful = stories.filter(({ sentence }) => sentence !== undefined);
  const quiet = stories.filter(({ sentence }) => sentence === undefined).map(({ story }) => story.round);
  return card(
    'events',
    t('events.heading'),
    markup`${eventful.length === 0 && quiet.length > 0 && markup`<p class="sentence">${t('events.quiet')}</p>`}
${eventful.length > 0 && markup`<ol class="stories">${eventful.slice(0, mostRounds).map(({ story, sentence }) => roundStory(story, sentence, context))}</ol>`}
${eventful.length > mostRounds && markup`<p>${t('events.more-rounds', { count: eventful.length - mostRounds })}</p>`}
${eventful.length > 0 && quiet.length > 0 && markup`<p>${t('events.quiet-rounds', { rounds: ranges(quiet).join(', '), count: quiet.length })}</p>`}`,
  );
}

function roundStory(story: RoundStory, sentence: string | undefined, context: ReportContext): Markup {
  const kinds = unusualKinds.filter((kind) => story.events.some((event) => event.kind === kind));
  const who = whoLeft(story, context.run, context);
  return markup`<li><h3>${storyHeading(story, context)}<span class="marks">${kinds.map((kind) => glyph(glyphs[kind], 16))}</span></h3>
<div><p>${sentence}</p>
${who !== undefined && markup`<p class="label">${who}</p>`}
${eventList(story, context)}</div></li>
`;
}

function eventList(story: RoundStory, context: ReportContext): Markup | undefined {
  const { t, run } = context;
  const rows = happeningsOf(story, run, context);
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
          .map(({ kind, who, what, phase, detail }) => [
            who,
            markup`<span class="phase">${glyph(glyphs[kind], 15)}${what}</span>`,
            phase,
            detail,
          ]),
      },
      context,
    )}${rest > 0 && markup`<p class="label">${t('events.more', { count: rest })}</p>`}`,
  );
}
