/** What a model is called: the named ones in the person's language, any other as its file is called. */
import type { Texts } from '../messages/translate.ts';

export const namedModels = ['cnn', 'cnn-two', 'cnn-light', 'cnn-small', 'mlp', 'linear'] as const;

export function modelName(name: string, { t }: Texts): string {
  const known = namedModels.find((preset) => preset === name);
  return known === undefined ? name : t(`setup.model.${known}`);
}
