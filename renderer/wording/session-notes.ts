/** Notes of sessions over the network in words: those of their code where there are any, else as they came. */
import type { EngineReason } from '../../core/contract/engines.ts';
import type { Texts } from '../messages/translate.ts';
import { reasonSentence } from './engines.ts';
import { codeText } from './watching/parts.ts';

export interface SessionNote {
  /** In English. */
  readonly text: string;
  /** NoteCode, or one that this version does not know. */
  readonly code?: string | undefined;
  readonly detail?: Readonly<Record<string, string | number>> | undefined;
}

export function noteSentence({ text, code, detail = {} }: SessionNote, texts: Texts): string {
  const { t } = texts;
  const number = (name: string): number => Number(detail[name] ?? 0);
  const word = (name: string): string => String(detail[name] ?? '');
  switch (code) {
    case 'waiting-for-members':
      return t('note.waiting-for-members', { present: number('present'), needed: number('needed') });
    case 'more-refused':
      return t('note.more-refused', { count: number('count') });
    case 'compute-replaced':
      return t('terminal.replaced', { reason: word('reason') });
    case 'coordinator-away':
      return t('note.coordinator-away');
    case 'images-left-out':
      return t('note.images-left-out', {
        count: number('count'),
        drawings: number('drawings'),
        most: number('most'),
      });
    case 'drawings-left-out':
      return t('note.drawings-left-out', { count: number('count'), most: number('most') });
    case 'engine':
      return engineNote(word('engine'), word('why'), word('refusal'), texts);
    case 'moving-statistics':
      return t('note.moving-statistics', { count: number('count') });
    case 'left-attempt':
      return t('note.left-attempt', { reason: codeText(word('reason'), texts) });
    case 'discovery-blocked':
      return t('note.discovery-blocked', { reason: word('reason') });
    default:
      return text;
  }
}

/** why: the kind of an engine's reason (core/contract/engines.ts). */
function engineNote(engine: string, why: string, refusal: string, texts: Texts): string {
  return texts.t('note.engine', { engine: reasonSentence(engine, reasonOf(why, refusal), [], texts) });
}

function reasonOf(why: string, refusal: string): EngineReason {
  if (why === 'only') return { kind: why, refusal };
  return { kind: why === 'asked' ? why : 'fastest' };
}
