/** Theme, contrast, projector and language on <html>: as chosen, or as the system has them and whenever it changes. */
import { untrack } from 'svelte';
import type { AppState } from './app.svelte.ts';

export function followAppearance(app: AppState): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const more = matchMedia('(prefers-contrast: more)');
  let systemDark = $state(dark.matches);
  let systemMore = $state(more.matches);
  $effect(() => {
    const onDark = (): void => void (systemDark = dark.matches);
    const onMore = (): void => void (systemMore = more.matches);
    dark.addEventListener('change', onDark);
    more.addEventListener('change', onMore);
    return () => {
      dark.removeEventListener('change', onDark);
      more.removeEventListener('change', onMore);
    };
  });
  $effect(() => {
    const { dataset } = document.documentElement;
    const { theme = 'system', contrast = 'system' } = app.about?.preferences ?? {};
    dataset['theme'] = theme === 'system' ? (systemDark ? 'dark' : 'light') : theme;
    dataset['contrast'] = contrast === 'system' ? (systemMore ? 'more' : 'normal') : contrast;
    dataset['mode'] = app.projector ? 'projector' : 'desk';
    document.documentElement.lang = app.language;
    untrack(() => {
      app.look += 1;
    });
  });
}
