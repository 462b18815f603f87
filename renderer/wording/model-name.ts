/** What a model is called: the named ones in the person's language, any other as its file is called. */
import type { Texts } from '../messages/translate.ts';

const named = ['cnn', 'cnn-two', 'cnn-light', 'mlp'] as const;

export function modelName(name: string, { t }: Texts): string {
  const known = named.find((preset) => preset === name);
  return known === undefined ? name : t(`setup.model.${known}`);
}
