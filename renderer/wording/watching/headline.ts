/** What is happening now, in one sentence, and what it means, in one more: rewritten as things happen. */
import type { LogEntry, Watched, WatchedRound } from '../../../core/contract/watched.ts';
import type { MessageKey, Texts } from '../../messages/translate.ts';
import { codeText, countWord, joinNames, remaining, thresholdOf } from './parts.ts';
import { endedHeadline } from './ended.ts';
import { finishedHeadline } from './finished.ts';

export interface Headline {
  readonly head: string;
  readonly lead: string;
}

/** What is unusual is the headline for so long, ms. */
const newsMs = 5_000;
/** So long the sum stands before its evaluation is told, ms. */
const revealMs = 2_500;

/** With more than so many, everyone shares masks with some of the others only. */
const mostComplete = 200;

/** nowMs: since the activity was opened. */
export function headlineOf(watched: Watched, nowMs: number, texts: Texts): Headline {
  const { stage, round, preparing } = watched;
  const { t } = texts;
  if (stage === 'ended') return endedHeadline(watched, texts);
  if (round === null) {
    if (preparing?.step === 'identities') {
      const { done, total } = preparing;
      return { head: t('watch.head.identities', { done, total }), lead: t('watch.lead.identities') };
    }
    return { head: t('watch.head.data'), lead: t('watch.lead.data') };
  }
  const inRound = ({ head, lead }: Headline): Headline => ({
    head: t('watch.head', { round: round.round, what: head }),
    lead,
  });
  if (round.repeatAsked) return inRound({ head: t('watch.head.repeat'), lead: t('watch.lead.repeat') });
  if (watched.paused && (watched.kind === 'simulation' || round.endedMs !== null))
    return pausedHeadline(round, texts);
  const said = inRound(roundHeadline(watched, round, nowMs, texts));
  return watched.paused ? { ...said, lead: t('watch.lead.pausing') } : said;
}

function pausedHeadline({ round, endedMs }: WatchedRound, { t }: Texts): Headline {
  const between = endedMs !== null;
  return {
    head: t('watch.head.paused'),
    lead: t(between ? 'watch.lead.paused.between' : 'watch.lead.paused', { round }),
  };
}

function roundHeadline(watched: Watched, round: WatchedRound, nowMs: number, texts: Texts): Headline {
  if (round.aborted !== null) return abortedHeadline(round.aborted, texts);
  if (round.endedMs !== null && !isReveal(watched, round, nowMs))
    return finishedHeadline(watched, round.round, texts);
  const news = watched.pace === 'full' && watched.kind === 'simulation' ? undefined : newsOf(watched, nowMs);
  if (news !== undefined) return newsHeadline(news, watched, round, texts);
  if (watched.held !== null) return heldHeadline(watched.held, watched, texts);
  if (round.sum.state === 'readable') return readableHeadline(watched, round, nowMs, texts);
  return phaseHeadline(watched, round, texts);
}

/** A model is tested faster than a sentence is read. */
function isReveal({ pace }: Watched, { sum }: WatchedRound, nowMs: number): boolean {
  return pace === 'slow' && sum.state === 'readable' && nowMs - sum.sinceMs <= revealMs;
}

/** In step mode: the round that has ended, and that the next one waits. */
export function betweenHeadline(watched: Watched, texts: Texts): Headline {
  const { t } = texts;
  const next = watched.round?.round ?? 1;
  const { head, lead } = finishedHeadline(watched, next - 1, texts);
  return {
    head: t('watch.head', { round: next - 1, what: head }),
    lead: `${lead} ${t('watch.lead.next-round', { round: next })}`,
  };
}

function newsOf({ log, round }: Watched, nowMs: number): LogEntry | undefined {
  const entry = log.findLast(({ code }) => code === 'dropped' || code === 'refused');
  if (entry === undefined || entry.ms < nowMs - newsMs) return undefined;
  const { round: number, attempt } = entry;
  // who was refused is not news once more when nobody waits any longer
  if (entry.code === 'dropped' && entry.clients.every((client) => isRefused(round, client))) return undefined;
  return number === round?.round && attempt === round.attempt && round.sum.state !== 'readable'
    ? entry
    : undefined;
}

function isRefused(round: WatchedRound | null, client: number): boolean {
  return round?.spokes.find(({ number }) => number === client)?.reason?.kind === 'refused';
}

function newsHeadline(entry: LogEntry, watched: Watched, round: WatchedRound, texts: Texts): Headline {
  const { t } = texts;
  const { clients, detail } = entry;
  const names = joinNames(entry.names, Math.max(1, clients.length), texts);
  const phase = String(detail['phase'] ?? '');
  if (entry.code === 'refused') {
    const update = phase === 'masked-input';
    return {
      head: t(update ? 'watch.head.refused' : 'watch.head.refused.other', { names }),
      lead: refusedLead(entry, watched, texts),
    };
  }
  const left = remaining(round);
  const threshold = thresholdOf(watched);
  const numbers = { remaining: left, threshold };
  const when = phase === 'masked-input' ? 'left' : isEarly(phase) ? 'absent' : 'left-after';
  return {
    head: t(`watch.head.${when}`, { count: clients.length, names }),
    lead: left < threshold ? t('watch.lead.left.few', numbers) : t(`watch.lead.${when}`, numbers),
  };
}

/** Before masks are agreed on nothing has to be rebuilt. */
export function isEarly(phase: string): boolean {
  return phase === 'advertise-keys' || phase === 'share-keys';
}

function refusedLead({ client, detail }: LogEntry, watched: Watched, texts: Texts): string {
  const { t } = texts;
  const reason = String(detail['reason'] ?? '');
  const sentence =
    reason === 'bad-signature' || reason === 'bad-attachment'
      ? t('watch.lead.refused.signature')
      : reason === 'replayed' || reason === 'contradiction'
        ? t('watch.lead.refused.replayed')
        : t('watch.lead.refused', { reason: codeText(reason, texts) });
  const fault = watched.round?.spokes.find(({ number }) => number === client)?.fault;
  return fault === 'tamper' || fault === 'replay' ? t('watch.lead.injected', { sentence }) : sentence;
}

const heldPhases = [
  'advertise-keys',
  'share-keys',
  'masked-input',
  'statement',
  'unmask',
  'aggregate',
] as const;

function heldHeadline(held: string, watched: Watched, { t }: Texts): Headline {
  const phase = heldPhases.find((known) => known === held) ?? 'aggregate';
  const lead: MessageKey & `watch.lead.held.${string}` = `watch.lead.held.${phase}`;
  return { head: t(`watch.head.held.${phase}`), lead: t(lead, { threshold: thresholdOf(watched) }) };
}

export function retryText(retry: string, { t }: Texts): string {
  switch (retry) {
    case 'allowed':
    case 'same-survivors':
    case 'burnt':
      return t(`watch.next.${retry}`);
    default:
      return '';
  }
}

function abortedHeadline(aborted: NonNullable<WatchedRound['aborted']>, texts: Texts): Headline {
  const { t } = texts;
  const { reason, needed, got } = aborted;
  const next = retryText(aborted.retry, texts);
  return {
    head: t(reason === 'aggregate-implausible' ? 'watch.head.aborted.sum' : 'watch.head.aborted'),
    lead: (needed > 0
      ? t('watch.lead.aborted.few', { got, needed, next })
      : t('watch.lead.aborted', { reason: codeText(reason, texts), next })
    ).trim(),
  };
}

function readableHeadline(watched: Watched, round: WatchedRound, nowMs: number, texts: Texts): Headline {
  const { t } = texts;
  if (nowMs - round.sum.sinceMs > revealMs) {
    const count = watched.prepared?.dataset.test ?? 0;
    return { head: t('watch.head.evaluate'), lead: t('watch.lead.evaluate', { count }) };
  }
  if (!watched.settings.masks)
    return { head: t('watch.head.readable.clear'), lead: t('watch.lead.readable.clear') };
  return { head: t('watch.head.readable'), lead: rebuiltLead(round, texts) };
}

function rebuiltLead({ rebuilt, spokes }: WatchedRound, texts: Texts): string {
  const { t } = texts;
  if (rebuilt === null || rebuilt.shares === 0) return t('watch.lead.readable');
  const absent = spokes.filter(({ number }) => rebuilt.clients.includes(number));
  const names = joinNames(
    absent.slice(0, 3).map(({ name }) => name),
    absent.length,
    texts,
  );
  const refused = absent.some(({ reason }) => reason?.kind === 'refused');
  const { shares, needed } = rebuilt;
  return t(refused ? 'watch.lead.readable.refused' : 'watch.lead.readable.rebuilt', {
    count: absent.length,
    names,
    shares,
    needed,
  });
}

function phaseHeadline(watched: Watched, round: WatchedRound, texts: Texts): Headline {
  const { t } = texts;
  const { reached, timeline } = round;
  const row = timeline.at(-1);
  const threshold = thresholdOf(watched);
  const total = row?.awaited ?? round.spokes.length;
  switch (row?.phase) {
    case undefined:
      return { head: t('watch.head.begin'), lead: t('watch.lead.begin') };
    case 'advertise-keys':
      return {
        head: t('watch.head.keys'),
        lead: t('watch.lead.keys', { count: reached.advertised, total }),
      };
    case 'share-keys':
      return {
        head: t('watch.head.shares'),
        lead: sharesLead(watched, reached.advertised, threshold, texts),
      };
    case 'masked-input':
      return reached.masked === 0
        ? { head: t('watch.head.training'), lead: trainingLead(watched, round, texts) }
        : inHeadline(watched, round, texts);
    case 'statement':
      return {
        head: t('watch.head.statement'),
        lead: t('watch.lead.statement', { count: reached.signed, total: reached.masked, threshold }),
      };
    case 'unmask':
      return {
        head: t('watch.head.unmask'),
        lead: t('watch.lead.unmask', { count: reached.revealed, total, threshold }),
      };
  }
}

function sharesLead({ settings }: Watched, members: number, threshold: number, { t }: Texts): string {
  const sparse = settings.graph === 'sparse' || (settings.graph === 'auto' && members > mostComplete);
  return sparse
    ? t('watch.lead.shares.sparse')
    : t('watch.lead.shares', { pairs: (members * (members - 1)) / 2, threshold });
}

function trainingLead({ training, kind }: Watched, { spokes }: WatchedRound, { t, formats }: Texts): string {
  if (kind === 'coordinator') return t('watch.lead.training.room');
  const ready = spokes.filter(({ phase }) => ['masking', 'signing', 'sending', 'verified'].includes(phase));
  const numbers = { count: ready.length, total: spokes.length };
  const speed = training?.examplesPerSecond ?? 0;
  if (training === null || speed <= 0) return t('watch.lead.training', numbers);
  const seconds = (training.examplesTotal - training.examplesDone) / speed;
  // by steps of five: a number that changes all the time cannot be read
  const left = Math.ceil(seconds / 5) * 5;
  if (left <= 5) return t('watch.lead.training', numbers);
  const time = left < 60 ? t('watch.seconds', { seconds: left }) : formats.duration(left);
  return t('watch.lead.training.left', { ...numbers, time });
}

function inHeadline(watched: Watched, { reached }: WatchedRound, texts: Texts): Headline {
  const { t } = texts;
  const count = reached.masked;
  const number = countWord(count, texts);
  if (!watched.settings.masks)
    return { head: t('watch.head.in.clear', { count, number }), lead: t('watch.lead.in.clear') };
  const threshold = thresholdOf(watched);
  return {
    head: t('watch.head.in', { count, number }),
    lead: count < threshold ? t('watch.lead.in.few', { threshold }) : t('watch.lead.in.enough'),
  };
}
