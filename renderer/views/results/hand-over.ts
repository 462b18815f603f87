/** A file that a person asked for: saved by the host, printed by the browser where no shell does, or downloaded. */
import type { TakeAway } from '../../../core/contract/results.ts';
import type { AppState } from '../../state/app.svelte.ts';
import { isTakeAway, saveInBrowser } from '../../state/take-away.ts';
import { printReport } from './print-report.ts';

/** Whether the browser prints this format: then the page itself (html) has to be asked for. */
export function isPrintedHere(app: AppState, format: string): boolean {
  return format === 'pdf' && app.about?.can.printToPdf === false;
}

export async function handOver(
  app: AppState,
  result: TakeAway | { readonly saved: string | null },
  print: boolean,
): Promise<void> {
  const { t } = app.texts;
  if (!isTakeAway(result)) {
    if (result.saved !== null) app.toast(t('runs.saved', { path: result.saved }));
  } else if (print) {
    app.toast(t('runs.print'));
    await printReport(new TextDecoder().decode(result.bytes));
  } else {
    saveInBrowser(result);
    app.toast(t('runs.downloaded', { name: result.name }));
  }
}
