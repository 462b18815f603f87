/** The attack lab's part of the contract between the interface and its host (core/contract/host.ts). */
import { z } from 'zod';
import type { AttackEvent, AttackView } from '../../watching/attack-view.ts';
import type { TakeAway } from '../results.ts';
import { type AttackRequest, attackRequestSchema } from './attack-request.ts';
import type { AttackReport, AttackReportSummary } from './attack-report.ts';

const empty = z.strictObject({});
/** A run, while the host lives. */
const run = z.strictObject({ run: z.string().regex(/^run-[0-9a-f]{16}$/) });
const reportId = z.string().regex(/^attack-\d{1,15}$/);
const reportIds = z.array(reportId).min(1).max(1_000);

export const attackMethodSchemas = {
  /** What can be attacked beside fresh models. */
  attackTargets: empty,
  /**
   * One at a time: one that runs is stopped first. passing: of an update that comes by, with the next one behind it: of the
   * reports of one client's only the latest is kept, and those that were put into the report. Throws 'invalid-setting',
   * 'target-unknown', 'not-a-demonstration'.
   */
  startAttack: attackRequestSchema.extend({ passing: z.boolean().optional() }),
  /** Those that run, or have run since the host was started. */
  attackRuns: empty,
  /** From now on its events are pushed to whoever asked. */
  watchAttack: run,
  unwatchAttack: run,
  stopAttack: run,
  /** Kept ones, newest first. */
  attackReports: empty,
  attackReport: z.strictObject({ id: reportId }),
  /** Can be taken back until the host ends, or for ten minutes. */
  removeAttackReports: z.strictObject({ ids: reportIds }),
  restoreAttackReports: z.strictObject({ ids: reportIds }),
  putInReport: z.strictObject({ id: reportId, on: z.boolean() }),
  /** png: one contact sheet. */
  exportAttacks: z.strictObject({
    ids: reportIds,
    format: z.enum(['html', 'csv', 'json', 'png', 'pdf']),
    language: z.enum(['en', 'fr']),
  }),
} as const;

export interface AttackTargets {
  readonly models: readonly {
    readonly model: string;
    readonly title: string;
    readonly description: string;
  }[];
  /** Of simulations, and of sessions openly started as demonstrations. */
  readonly updates: readonly {
    readonly activity: string;
    readonly title: string;
    readonly masked: boolean;
    readonly clients: readonly { readonly number: number; readonly name: string }[];
  }[];
  /** Drawings of this machine: victims' images, newest first. */
  readonly drawings: number;
}

export interface AttackMethodResults {
  attackTargets: AttackTargets;
  startAttack: { readonly run: string };
  attackRuns: readonly {
    readonly run: string;
    readonly request: AttackRequest;
    readonly stage: AttackView['stage'];
  }[];
  watchAttack: AttackView;
  unwatchAttack: null;
  stopAttack: null;
  attackReports: readonly AttackReportSummary[];
  attackReport: AttackReport;
  removeAttackReports: null;
  restoreAttackReports: null;
  putInReport: null;
  exportAttacks: TakeAway | { readonly saved: string | null };
}

export type AttackPush =
  | { readonly push: 'attack'; readonly run: string; readonly events: readonly AttackEvent[] }
  | { readonly push: 'attack-reports' };
