/**
 * What the weights alone remember (Fredrikson, Jha, Ristenpart 2015, MI-Face): whoever holds a model looks for the images
 * that it is surest of. Four ways: the reference's, to the letter; the same model searched with priors; with components
 * of other classes; and on a model of which each class is one person.
 *
 * The attacker holds the model, as every participant does and as whoever it is published to does. Masks and signatures
 * change nothing: they protect what goes into a model, not what comes out. It shows what a class looks like; a person it
 * gives away only where a class is a person.
 */
import type { z } from 'zod';
import type { modelInversionSettings } from '../contract/attacks/model-inversion.ts';
import { invalidSetting } from '../errors/federation-error.ts';
import type { Attack } from './attack.ts';
import { invertClasses } from './inversion/classes.ts';
import { reIdentify } from './inversion/re-identification.ts';

type Settings = z.infer<typeof modelInversionSettings>;
type Variant = Settings['variant'];

/** What 0 stands for in the settings: the reference's numbers, and what is enough elsewhere. */
const usual: Readonly<Record<Variant, { readonly steps: number; readonly tries: number }>> = {
  reference: { steps: 3_000, tries: 10 },
  priors: { steps: 200, tries: 3 },
  pca: { steps: 200, tries: 3 },
  're-identification': { steps: 200, tries: 1 },
};

export const modelInversion: Attack<Settings> = async function* (input) {
  const { settings, protection, material } = input;
  const { variant, people } = settings;
  if (protection.noise > 0)
    throw invalidSetting(
      'noise',
      protection.noise,
      '0 in this demonstration, as it attacks a model and no update',
    );
  if (material.model !== undefined && variant !== 'reference' && variant !== 'priors')
    throw invalidSetting(
      'variant',
      variant,
      'reference or priors for a model that was made before: the others train one of their own',
    );
  const steps = settings.iterations || usual[variant].steps;
  const tries = settings.tries || usual[variant].tries;
  return variant === 're-identification'
    ? yield* reIdentify(input, { steps, people })
    : yield* invertClasses(input, { variant, steps, tries });
};
