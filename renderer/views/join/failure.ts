/** Why the host would not let this machine join, in the person's language. */
import type { Texts } from '../../messages/translate.ts';

export function joinFailure(
  { code, message }: { readonly code: string; readonly message: string },
  { t }: Texts,
): string {
  switch (code) {
    case 'leads-it':
    case 'joined-already':
      return t(`part.join.failed.${code}`);
    case 'invalid-setting':
      return t('part.join.failed.invitation');
    default:
      return message;
  }
}
