/** For what may not fit: keys can scroll it then, and it is no stop of theirs while all of it is seen. */
import type { Attachment } from 'svelte/attachments';

export const scrollable: Attachment<HTMLElement> = (element) => {
  const measure = (): void => {
    if (element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth)
      element.tabIndex = 0;
    else element.removeAttribute('tabindex');
  };
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  // what is in it grows without it
  for (const child of element.children) observer.observe(child);
  return () => {
    observer.disconnect();
  };
};
