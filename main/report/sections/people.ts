/** Who took part in a session, under which keys, and whether people made sure that the keys are theirs. */
import type { SessionEpoch, SessionResult } from '../../../core/contract/session-result.ts';
import { type Participation, participations } from '../../../core/results/people.ts';
import { card, foldable, type ReportContext, table } from '../context.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup, type MarkupValue } from '../markup.ts';

/** Beyond, the list of people is folded. */
const mostOpen = 30;
const mostEpochs = 40;

export function peopleSection(context: ReportContext): Markup {
  const { t, session } = context;
  if (session === undefined || session.session.members.length === 0) return markup``;
  const { words, epochs } = session.session;
  const people = participations(session);
  const list = peopleTable(people, session, context);
  return card(
    'people',
    t('people.heading'),
    markup`<p class="words" aria-label="${t('people.words', { words: words.join(', ') })}">${words.map((word) => markup`<span>${word}</span> `)}</p>
<p class="sentence compared">${comparison(session, context)}</p>
${people.length > mostOpen ? foldable(t('people.list', { count: people.length }), list) : list}
${epochs.length > 1 && epochTable(epochs, context)}`,
  );
}

function comparison({ session }: SessionResult, { t }: ReportContext): Markup {
  const { identitiesCompared, role } = session;
  const mark = glyph(identitiesCompared ? 'verified' : 'clear', 18);
  return markup`${mark}<span>${t(`people.${identitiesCompared ? 'compared' : 'not-compared'}.${role}`)}</span>`;
}

function peopleTable(
  people: readonly Participation[],
  { session }: SessionResult,
  context: ReportContext,
): Markup {
  const { t, formats } = context;
  const name = ({ member, current }: Participation): MarkupValue =>
    markup`<b>${member.name}</b>${current && member.number === session.own && markup` <span class="label">${t('people.own')}</span>`}${!current && markup` <span class="label">${t('people.gone')}</span>`}`;
  return table(
    {
      name: t('people.heading'),
      className: 'people',
      caption: t('people.caption'),
      columns: [
        { heading: t('people.number'), number: true },
        { heading: t('people.name') },
        { heading: t('people.fingerprint') },
        { heading: t('people.rounds'), number: true },
      ],
      rows: people.map((person) => [
        person.current ? formats.number(person.member.number) : '–',
        name(person),
        markup`<code>${person.member.fingerprint}</code>`,
        t('people.rounds.value', { summed: person.summed, rounds: person.rounds }),
      ]),
    },
    context,
  );
}

function epochTable(epochs: readonly SessionEpoch[], context: ReportContext): Markup {
  const { t, formats } = context;
  return markup`<h3>${t('people.epochs')}</h3>
${table(
  {
    name: t('people.epochs'),
    className: 'compact',
    caption: t('people.epochs.caption'),
    columns: [
      { heading: t('people.epoch'), number: true },
      { heading: t('people.epoch.words') },
      { heading: t('people.epoch.members'), number: true },
      { heading: t('people.epoch.threshold'), number: true },
      { heading: t('people.epoch.compared') },
    ],
    rows: epochs
      .slice(-mostEpochs)
      .map(({ epoch, words, members, threshold, compared, confirmedAt }) => [
        formats.number(epoch),
        words.join(' '),
        formats.number(members.length),
        formats.number(threshold),
        t(confirmedAt === null ? 'people.epoch.unconfirmed' : compared ? 'yes' : 'no'),
      ]),
  },
  context,
)}`;
}
