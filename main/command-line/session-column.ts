/**
 * The column that a session's lines stand in, in the session's language: labels of the session, indented ones of a round's
 * steps, texts behind them.
 */
import type { Language } from '../../renderer/messages/formats.ts';
import { type MessageKey, type Texts, textsOf } from '../../renderer/messages/translate.ts';

const labels = [
  'session.label.session',
  'session.label.code',
  'session.label.link',
  'session.label.address',
  'session.label.key',
  'session.label.lobby',
  'session.label.words',
  'session.label.here',
  'session.label.gone',
  'session.label.refused',
  'session.label.asked',
  'session.label.leader',
  'session.label.data',
  'session.label.connected',
  'session.label.lost',
  'session.label.waiting',
  'session.label.note',
  'session.label.error',
  'session.label.end',
  'session.label.model',
  'session.label.privacy',
] as const satisfies readonly MessageKey[];
const steps = [
  'session.step.training',
  'session.step.keys',
  'session.step.shares',
  'session.step.masked',
  'session.step.signed',
  'session.step.revealed',
  'session.step.left',
  'session.step.recovered',
  'session.step.refused',
  'session.step.aborted',
  'session.step.sum',
  'session.step.model',
  'session.step.time',
  'session.step.held',
  'session.step.noise',
] as const satisfies readonly MessageKey[];

const indent = '  ';

export class SessionColumn {
  #texts: Texts;
  #width: number;

  constructor(language: Language) {
    this.#texts = textsOf(language, 'terminal');
    this.#width = widthOf(this.#texts);
  }

  get texts(): Texts {
    return this.#texts;
  }

  /** From the next line on. */
  speak(language: Language): void {
    this.#texts = textsOf(language, 'terminal');
    this.#width = widthOf(this.#texts);
  }

  label(key: (typeof labels)[number], text: string): string {
    return `${this.#texts.t(key).padEnd(this.#width)}${text}`;
  }

  step(key: (typeof steps)[number], text: string): string {
    return `${`${indent}${this.#texts.t(key)}`.padEnd(this.#width)}${text}`;
  }

  /** A line that goes on with the one before. */
  below(text: string): string {
    return `${' '.repeat(this.#width)}${text}`;
  }
}

function widthOf({ t }: Texts): number {
  const widths = [
    ...labels.map((key) => t(key).length),
    ...steps.map((key) => indent.length + t(key).length),
  ];
  return Math.max(...widths) + 2;
}
