/** What an attack says in sentences, from its request and its report alone: the same on screen, in reports and on the command line. */
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { AttackRequest, AttackSetting } from '../../../core/contract/attacks/attack-request.ts';
import type { Texts } from '../../messages/translate.ts';

/** A request with its defaults filled in. */
export type AskedAttack = Omit<AttackRequest, 'settings'> & {
  readonly settings: Readonly<Record<string, AttackSetting>>;
};

export interface Verdict {
  /** Starts with Yes, No, Partly, or what happened. "This attack stopped" never means "protected". */
  readonly sentence: string;
  /** The figures behind it, each with its baseline. */
  readonly evidence: string;
}

export interface AttackWording {
  /** Who the attacker is: 'a curious coordinator'. */
  attacker(asked: AskedAttack, texts: Texts): string;
  sees(asked: AskedAttack, texts: Texts): string;
  may(asked: AskedAttack, texts: Texts): string;
  /** What is attacked: 'one update: 8 images, one step of SGD, network 784-256-10'. */
  target(asked: AskedAttack, texts: Texts): string;
  verdict(report: AttackReport, texts: Texts): Verdict;
  /** The chip of a gallery: '8 of 8 recovered'. */
  short(
    report: Pick<AttackReport, 'results' | 'outcome' | 'facts' | 'settings' | 'protection'>,
    texts: Texts,
  ): string;
}
