/** What a host found wrong with data, a model or settings, in the person's language; its own words where it has others. */
import type { Texts } from '../messages/translate.ts';

export interface HostProblem {
  readonly code: string;
  /** In English. */
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Codes whose sentence needs nothing of the details but a path, a class or a layer. */
const withoutNumbers = [
  'file-not-found',
  'file-unreadable',
  'dataset-missing',
  'dataset-altered',
  'dataset-not-recognised',
  'dataset-too-large',
  'dataset-empty',
  'image-size',
  'image-unreadable',
  'class-mismatch',
  'model-unreadable',
  'model-refused',
  'model-does-not-fit',
] as const;

/** Of the attack lab. */
const ofTheLab = ['target-unknown', 'not-a-demonstration', 'attack-died'] as const;

/** What damaged IDX files are called, each by its own code. */
const damagedFile = /^(idx-|label-)/;

export function hostProblemText({ code, message, details }: HostProblem, { t }: Texts): string {
  const known = withoutNumbers.find((name) => name === code);
  if (known !== undefined) return t(`setup.host.${known}`);
  const lab = ofTheLab.find((name) => name === code);
  if (lab !== undefined) return t(`lab.problem.${lab}`);
  if (damagedFile.test(code)) return t('setup.host.idx');
  const number = (name: string): number => Number(details[name]);
  switch (code) {
    case 'engine-missing':
      return details['command'] === ''
        ? t('engine.missing.here')
        : t('engine.missing', { command: String(details['command']) });
    case 'class-count':
      return t('setup.host.class-count', {
        classes: number('classes'),
        lowest: number('lowest'),
        highest: number('highest'),
      });
    case 'class-empty':
      return t('setup.host.class-empty', {
        name: String(details['className']),
        images: number('images'),
        needed: number('needed'),
      });
    case 'partition-impossible':
      return t('setup.host.partition-impossible', {
        wanted: number('wanted'),
        available: number('available'),
      });
    case 'no-model':
      return t('part.try.none');
    case 'host-lost':
      return t('shell.lost');
    default:
      return message;
  }
}
