/** How an update was protected, in words. */
import type { Protection } from '../../core/contract/attacks/attack-request.ts';
import type { Texts } from '../../renderer/messages/translate.ts';

export function protectionText({ signature, masks, noise }: Protection, { t, formats }: Texts): string {
  const parts = [
    ...(signature ? [t('lab.page.protection.signature')] : []),
    ...(masks ? [t('lab.page.protection.masks')] : []),
    ...(noise > 0 ? [t('lab.page.protection.noise', { noise: formats.scientific(noise).mantissa })] : []),
  ];
  return parts.length === 0 ? t('lab.page.protection.none') : formats.list(parts);
}
