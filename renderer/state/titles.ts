/** What the window is called: where we are, and of an activity its own name. */
import type { ActivitySummary } from '../../core/contract/host.ts';
import type { Texts } from '../messages/translate.ts';

/** route: of the address after #. */
export function titleOf(
  route: { readonly place: string; readonly parts: readonly string[] },
  activities: readonly Pick<ActivitySummary, 'activity' | 'title'>[],
  { t }: Texts,
): string {
  const name = nameOf(route, activities, t);
  return name === undefined ? 'Masquerade' : t('shell.title', { screen: name });
}

function nameOf(
  { place, parts }: { readonly place: string; readonly parts: readonly string[] },
  activities: readonly Pick<ActivitySummary, 'activity' | 'title'>[],
  t: Texts['t'],
): string | undefined {
  switch (place) {
    case '':
      return undefined;
    case 'activity':
      return activities.find(({ activity }) => activity === parts[1])?.title ?? t('shell.session');
    case 'coordinate':
    case 'simulate':
    case 'join':
    case 'draw':
    case 'lab':
    case 'results':
    case 'settings':
      return t(`shell.title.${place}`);
    default:
      // a sentence on the page
      return t('shell.unknown').replace(/\.$/, '');
  }
}
