/** French, typed with ordinary spaces: texts.ts sets the narrow no-break ones. Same keys and placeholders as en.ts. */
import { interfaceFrench } from './interface-fr.ts';
import { wholeLabFrench } from './lab-fr.ts';
import { desktopFrench } from './screens/desktop-fr.ts';
import type { Message, MessageKey } from './texts.ts';

export const fr = {
  ...interfaceFrench,
  ...wholeLabFrench,
  ...desktopFrench,
} satisfies Record<MessageKey, Message>;
