/** What the window is called: where we are, and of an activity its own name. */
import { attackNames } from '../../core/contract/attacks/names.ts';
import type { ActivitySummary } from '../../core/contract/host.ts';
import type { Texts } from '../messages/translate.ts';

/** route: of the address after #. */
export function titleOf(
  route: { readonly place: string; readonly parts: readonly string[] },
  activities: readonly Pick<ActivitySummary, 'activity' | 'title'>[],
  { t, has }: Texts,
): string {
  const name = nameOf(route, activities, { t, has });
  return name === undefined ? 'Masquerade' : t('shell.title', { screen: name });
}

function nameOf(
  { place, parts }: { readonly place: string; readonly parts: readonly string[] },
  activities: readonly Pick<ActivitySummary, 'activity' | 'title'>[],
  { t, has }: Pick<Texts, 't' | 'has'>,
): string | undefined {
  switch (place) {
    case '':
      return undefined;
    case 'activity':
      return activities.find(({ activity }) => activity === parts[1])?.title ?? t('shell.session');
    case 'lab': {
      const attack = attackNames.find((known) => parts.slice(1).includes(known));
      // the lab's own texts come with its screen
      return attack === undefined || !has(`attack.${attack}.title`)
        ? t('shell.title.lab')
        : t(`attack.${attack}.title`);
    }
    case 'coordinate':
    case 'simulate':
    case 'join':
    case 'draw':
    case 'results':
    case 'settings':
      return t(`shell.title.${place}`);
    default:
      // a sentence on the page
      return t('shell.unknown').replace(/\.$/, '');
  }
}
