/** A line of the log as a sentence that explains itself. Names stand out: they come as parts of their own. */
import type { LogEntry, Watched } from '../../../core/contract/watched.ts';
import type { Texts } from '../../messages/translate.ts';
import { epsilonText } from '../privacy.ts';
import { noteSentence } from '../session-notes.ts';
import { isEarly, retryText } from './headline.ts';
import { codeText, joinNames, nameOf, thresholdOf } from './parts.ts';

export interface TextPart {
  readonly text: string;
  readonly strong: boolean;
}

/** Around what stands out; no name may contain them. */
const [strongFrom, strongTo] = ['\u0001', '\u0002'] as const;

export function logSentence(entry: LogEntry, watched: Watched, texts: Texts): readonly TextPart[] {
  return partsOf(sentenceOf(entry, watched, texts));
}

/** The same without what stands out. */
export function plainSentence(entry: LogEntry, watched: Watched, texts: Texts): string {
  return logSentence(entry, watched, texts)
    .map(({ text }) => text)
    .join('');
}

function partsOf(sentence: string): readonly TextPart[] {
  return sentence
    .split(strongFrom)
    .flatMap((piece, index) => {
      if (index === 0) return [{ text: piece, strong: false }];
      const [inside = '', ...after] = piece.split(strongTo);
      return [
        { text: inside, strong: true },
        { text: after.join(''), strong: false },
      ];
    })
    .filter(({ text }) => text !== '');
}

function strong(text: string): string {
  return `${strongFrom}${text.replaceAll(strongFrom, '').replaceAll(strongTo, '')}${strongTo}`;
}

function sentenceOf(entry: LogEntry, watched: Watched, texts: Texts): string {
  const { t, formats } = texts;
  const { code, detail, clients } = entry;
  const text = (name: string): string => String(detail[name] ?? '');
  const number = (name: string): number => Number(detail[name] ?? 0);
  const count = Math.max(1, clients.length);
  const name = strong(joinNames(entry.names.slice(-1), 1, texts));
  const names = strong(joinNames(entry.names, count, texts));
  const reason = codeText(text('reason'), texts);
  switch (code) {
    case 'advertised':
    case 'shared':
    case 'signed':
    case 'revealed':
      return t('watch.log.own', { name, what: t(ownDoings[code]) });
    case 'verified':
      return verifiedSentence(entry, { count, name }, watched, texts);
    case 'trained':
      return t('watch.log.trained', { count, name });
    case 'masked':
      return t(watched.settings.masks ? 'watch.log.masked' : 'watch.log.masked.clear', { count, name });
    case 'aggregated':
      return t(watched.settings.masks ? 'watch.log.aggregated' : 'watch.log.aggregated.clear', {
        added: number('survivors'),
      });
    case 'evaluated':
      return t('watch.log.evaluated', { accuracy: formats.percent(number('accuracy')) });
    case 'dropped':
      return droppedSentence(entry, count, names, watched, texts);
    case 'recovered':
      return number('shares') === 0
        ? t('watch.log.recovered.plain', { count, names })
        : t(detail['after'] === 'refused' ? 'watch.log.recovered.refused' : 'watch.log.recovered', {
            count,
            names,
            shares: number('shares'),
            needed: number('needed'),
          });
    case 'refused':
      return entry.client === null || entry.client === 0
        ? t('watch.log.refused.stranger', { reason })
        : t(text('phase') === 'masked-input' ? 'watch.log.refused.update' : 'watch.log.refused.message', {
            name,
            reason,
          });
    case 'aborted':
      return abortedSentence(entry, texts);
    case 'retried':
      return t('watch.log.retried', { attempt: entry.attempt });
    case 'share-missing':
      return t('watch.log.share-missing', { name, dealer: strong(nameOf(watched, number('dealer'), texts)) });
    case 'process-replaced':
      return t('watch.log.process-replaced', { reason: text('reason') }).trim();
    case 'connection-lost':
      return t('watch.log.connection-lost', { name: strong(joinNames([text('name')], 1, texts)), reason });
    case 'connection-back':
      return t('watch.log.connection-back', { name: strong(joinNames([text('name')], 1, texts)) });
    case 'paused':
    case 'resumed':
      return t(`watch.log.${code}`);
    case 'fault-drop':
    case 'fault-slow':
    case 'fault-tamper':
    case 'fault-replay':
      return t(`watch.log.${code}`, { name });
    case 'turned-away':
      return t('watch.log.turned-away', { who: strong(text('who')), reason });
    case 'repeat-asked':
    case 'repeat-question':
      return t('watch.log.repeat-asked', { round: number('round') });
    case 'budget-reached':
      return t('watch.log.budget-reached', {
        round: number('round'),
        epsilon: epsilonText(number('epsilon'), texts),
        budget: number('budget'),
      });
    case 'disconnected':
      return t('session.because', { name: t('session.coordinator'), reason });
    case 'error':
      return `${text('message')} ${text('hint')}`.trim();
    default:
      return noteSentence({ text: text('text') || code, code, detail }, texts);
  }
}

const ownDoings = {
  advertised: 'session.keys',
  shared: 'session.shares',
  signed: 'watch.row.statement',
  revealed: 'session.revealed',
} as const;

function verifiedSentence(
  { detail }: LogEntry,
  who: { readonly count: number; readonly name: string },
  watched: Watched,
  { t }: Texts,
): string {
  const { signatures } = watched.settings;
  switch (detail['phase']) {
    case 'advertise-keys':
      return t(signatures ? 'watch.log.keys' : 'watch.log.keys.unsigned', who);
    case 'share-keys':
      return t('watch.log.shares', {
        ...who,
        threshold: thresholdOf(watched),
        total: watched.roster?.members.length ?? who.count,
      });
    case 'statement':
      return t('watch.log.statement', who);
    case 'unmask':
      return t('watch.log.unmask', who);
    default:
      if (who.count > 1) return t('watch.log.added.many', who);
      return t(signatures ? 'watch.log.added' : 'watch.log.added.unsigned', { name: who.name });
  }
}

function droppedSentence(
  { detail }: LogEntry,
  count: number,
  names: string,
  watched: Watched,
  texts: Texts,
): string {
  const { t } = texts;
  const phase = String(detail['phase'] ?? '');
  const reason = String(detail['reason'] ?? '');
  const threshold = thresholdOf(watched);
  const sentence =
    detail['after'] === 'refused'
      ? t('watch.log.dropped.refused', { count, names })
      : isEarly(phase)
        ? t('watch.log.dropped.early', { count, names })
        : phase !== 'masked-input'
          ? t('watch.log.dropped.after', { count, names })
          : watched.settings.masks
            ? t('watch.log.dropped.before', { count, names, threshold })
            : t('watch.log.dropped.before.clear', { count, names });
  return reason === '' ? sentence : t('watch.log.because', { sentence, reason: codeText(reason, texts) });
}

function abortedSentence({ attempt, detail }: LogEntry, texts: Texts): string {
  const { t } = texts;
  const next = retryText(String(detail['retry'] ?? ''), texts);
  const needed = Number(detail['needed'] ?? 0);
  const got = Number(detail['got'] ?? 0);
  const sentence =
    needed > 0
      ? t('watch.log.aborted.few', { attempt, got, needed, next })
      : t('watch.log.aborted', { attempt, reason: codeText(String(detail['reason'] ?? ''), texts), next });
  return sentence.trim();
}
