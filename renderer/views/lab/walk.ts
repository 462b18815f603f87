/** Arrow keys walk the buttons of a group, beside Tab; Home and End lead to its ends. */
import type { Attachment } from 'svelte/attachments';

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export const walkByArrows: Attachment<HTMLElement> = (group) => {
  const onkeydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const buttons = [...group.querySelectorAll<HTMLElement>('button:not([disabled])')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const by = steps[event.key];
    const to =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? buttons.length - 1
          : by === undefined
            ? undefined
            : (at + by + buttons.length) % buttons.length;
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[to]?.focus();
  };
  group.addEventListener('keydown', onkeydown);
  return () => {
    group.removeEventListener('keydown', onkeydown);
  };
};
