/** What went other than planned, round by round: a sentence for each, and what happened in it one by one. */
import { isUnusual, type UnusualEvent, type UnusualKind } from '../../core/contract/run-result.ts';
import { type FederatedRun, nameOfClient, ranges } from '../../core/results/figures.ts';
import type { Texts } from '../messages/translate.ts';

/** A person's names, or ranges of client numbers, before the rest is only counted. */
const mostNamedRanges = 24;

export interface RoundStory {
  /** 0: outside of the rounds. */
  readonly round: number;
  readonly result: FederatedRun['rounds'][number] | undefined;
  readonly events: readonly UnusualEvent[];
}

/** Every round that left a result or an event, an aborted one included. */
export function storiesOf(run: FederatedRun): readonly RoundStory[] {
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
function clausesOf({ result, events }: RoundStory, run: FederatedRun, { t }: Texts): readonly string[] {
  const count = (kind: UnusualKind): number => events.filter((event) => event.kind === kind).length;
  const attempts = result === undefined ? count('retried') : result.attempts - 1;
  const parts = [
    { key: 'events.aborted', count: count('aborted') },
    {
      key: run.kind === 'session' ? 'events.dropped.session' : 'events.dropped',
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

/** undefined where everyone answered and nothing was refused. */
export function storySentence(story: RoundStory, run: FederatedRun, texts: Texts): string | undefined {
  const parts = clausesOf(story, run, texts);
  if (parts.length === 0) return undefined;
  const text = parts.reduce((first, second) => texts.t('events.joint', { first, second }));
  return `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}.`;
}

export function storyHeading({ round }: RoundStory, { t }: Texts): string {
  return round === 0 ? t('events.outside') : t('events.round', { round });
}

/** Who left in that round; undefined where nobody did. */
export function whoLeft(
  { round, result, events }: RoundStory,
  run: FederatedRun,
  { t }: Texts,
): string | undefined {
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
  return t('events.who', {
    clients: rest > 0 ? `${shown} ${t('and-more-clients', { count: rest })}` : shown,
  });
}

export interface Happening {
  readonly kind: UnusualKind;
  readonly who: string;
  readonly what: string;
  readonly phase: string;
  readonly detail: string;
}

export function happeningsOf(
  { round, result, events }: RoundStory,
  run: FederatedRun,
  texts: Texts,
): readonly Happening[] {
  const { t, formats } = texts;
  const told = events.map((event) => ({
    kind: event.kind,
    // outside of the rounds it may be somebody who was never a member
    who: String((round === 0 ? event.detail['who'] : undefined) ?? whoDid(event.client, round, run, texts)),
    what: t(`event.${event.kind}`),
    phase: phaseName(event.phase, texts),
    detail: Object.entries(event.detail)
      .filter(([name]) => round > 0 || name !== 'who')
      .map(([name, value]) => `${name} ${typeof value === 'number' ? formats.number(value) : value}`)
      .join(', '),
  }));
  // A refusal that left no event of its own still stands in the round's record.
  const unsaid = events.some((event) => event.kind === 'refused') ? [] : (result?.refused ?? []);
  return [
    ...told,
    ...unsaid.map(({ client, phase, reason }) => ({
      kind: 'refused' as const,
      who: whoDid(client, round, run, texts),
      what: t('event.refused'),
      phase: phaseName(phase, texts),
      detail: reason,
    })),
  ];
}

/** By name in a session; client 0 is the coordinator too, in a list of what was refused. */
function whoDid(client: number | undefined, round: number, run: FederatedRun, { t }: Texts): string {
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

/** A phase that has no name here is shown as it is called. */
function phaseName(phase: string, { t }: Texts): string {
  const known = phaseNames.find((name) => name === phase);
  return known === undefined ? phase : t(`phase.${known}`);
}
