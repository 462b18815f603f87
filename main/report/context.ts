/** What every section of a report is made from. */
import type { ComparisonResult, RunResult } from '../../core/contract/run-result.ts';
import type { SessionResult } from '../../core/contract/session-result.ts';
import { type Texts, textsOf } from '../../renderer/messages/translate.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { type FederatedRun, runOf } from '../../core/results/figures.ts';
import { type Markup, markup, type MarkupValue } from './markup.ts';

export interface ReportContext extends Texts {
  readonly result: RunResult;
  /** The federated run: the result itself, or the one that is compared. */
  readonly run: FederatedRun;
  readonly session: SessionResult | undefined;
  readonly comparison: ComparisonResult | undefined;
  /** Names of the files beside the page. */
  readonly files: { readonly csv: string; readonly json: string };
}

export function reportContext(
  result: RunResult,
  language: Language,
  files: ReportContext['files'],
): ReportContext {
  return {
    ...textsOf(language),
    result,
    run: runOf(result),
    session: result.kind === 'session' ? result : undefined,
    comparison: result.kind === 'comparison' ? result : undefined,
    files,
  };
}

/** A card: one question, one answer. */
export function card(id: string, heading: string, body: MarkupValue, className = ''): Markup {
  return markup`<section class="card ${className}" id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${body}
</section>
`;
}

interface Column {
  readonly heading: string;
  readonly number?: boolean;
}

interface TableOptions {
  readonly caption: MarkupValue;
  /** Name of the scrolling region. */
  readonly name: string;
  readonly columns: readonly Column[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly MarkupValue[])[];
  readonly className?: string;
  readonly footer?: readonly MarkupValue[];
}

/** A table that scrolls by itself where the page is narrow. */
export function table(options: TableOptions, { t }: Texts): Markup {
  const cellClass = (index: number): string => (options.columns[index]?.number === true ? 'number' : 'text');
  const row = (cells: readonly MarkupValue[]): Markup =>
    markup`<tr>${cells.map((cell, index) =>
      index === 0
        ? markup`<th scope="row" class="${cellClass(index)}">${cell}</th>`
        : markup`<td class="${cellClass(index)}">${cell}</td>`,
    )}</tr>
`;
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${t('report.scroll', { name: options.name })}"><table class="${options.className ?? ''}">
<caption><span>${options.caption}</span></caption>
<thead><tr>${options.columns.map(
    (column) =>
      markup`<th scope="col" class="${column.number === true ? 'number' : 'text'}">${column.heading}</th>`,
  )}</tr></thead>
<tbody>
${options.rows.map(row)}</tbody>
${options.footer !== undefined && markup`<tfoot>${row(options.footer)}</tfoot>`}
</table></div>`;
}

/** Detail that a reader opens; a printed report shows only its heading. */
export function foldable(summary: string, body: MarkupValue): Markup {
  return markup`<details><summary>${summary}</summary>
${body}
</details>`;
}

/** 1.23 x 10^-6, or the plain number where that is short. */
export function scientific(value: number, { formats }: Texts): Markup {
  const { mantissa, exponent } = formats.scientific(value);
  return exponent === 0
    ? markup`${mantissa}`
    : markup`${mantissa}\u00a0×\u00a010<sup>${String(exponent).replace('-', '\u2212')}</sup>`;
}
