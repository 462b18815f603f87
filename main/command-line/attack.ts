/** `masquerade attack`: the demonstrations of the attack lab: which there are, one of them, or all for a page of figures. */
import { join } from 'node:path';
import type { Command } from 'commander';
import type { AttackImage, AttackReport } from '../../core/contract/attacks/attack-report.ts';
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import { type AttackName, attackNames } from '../../core/contract/attacks/names.ts';
import { type EngineChoice, engineChoices } from '../../core/contract/engines.ts';
import { invalidSetting } from '../../core/errors/federation-error.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { type Texts, textsOf } from '../../renderer/messages/translate.ts';
import { contactSheet } from '../attacks/contact-sheet.ts';
import { pngOf } from '../attacks/png.ts';
import { attackJson } from '../attacks/result-json.ts';
import { AttackStopped } from '../attacks/run-attack-process.ts';
import { runAttackOnce } from '../attacks/run-once.ts';
import { loadEngine } from '../compute/engines.ts';
import { callerPath } from '../files/caller-path.ts';
import { requireWritableFolder, writeWholeFile } from '../files/files.ts';
import { defaultDataFolder } from '../storage/data-folder.ts';
import {
  addAttackOptions,
  checkedSettings,
  readRequest,
  type RunOptions,
  settingsOf,
} from './attack-options.ts';
import { addSuiteCommand } from './attack-suite.ts';
import { openingLines, presentReport, showAttack } from './attack-lines.ts';
import { readTarget, type TargetOptions } from './attack-target.ts';
import { toJson, type CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { languageOption } from './language-option.ts';
import { table } from './terminal.ts';

const examples = `
Examples:
  masquerade attack list
  masquerade attack run closed-form                        one update, eight images
  masquerade attack run closed-form --protect masks        the same, masked: noise
  masquerade attack run closed-form --batch 32 --seed 7 --json
  masquerade attack run model-inversion --switch reference --pictures faces --sheet faces.png
  masquerade attack run two-stage --model 3fa9 --drawings  a session's model, your own drawings
  masquerade attack suite --seeds 5 --out docs/attacks.md

What each attack takes: masquerade attack run NAME --help`;

export function addAttackCommand(program: Command, context: CommandContext): void {
  const attack = program
    .command('attack')
    .description('the attack lab: what leaks of updates, sums and models, and what stops it')
    .addHelpText('after', examples);
  addList(attack, context);
  addRun(attack, context);
  addSuiteCommand(attack, context);
}

interface Printed {
  readonly language?: Language;
  readonly json?: true;
}

function addList(attack: Command, { print }: CommandContext): void {
  attack
    .command('list')
    .description('every attack: what it asks, what its attacker holds, how long it takes')
    .option('--json', 'one JSON array')
    .addOption(languageOption('English'))
    .action(({ language, json }: Printed) => {
      const texts = textsOf(language ?? 'en', 'terminal');
      print(json ? toJson(attackNames.map((name) => listed(name, texts))) : listLines(texts).join('\n'));
    });
}

function listed(name: AttackName, texts: Texts): Readonly<Record<string, unknown>> {
  const description = attackCatalogue[name];
  const { seat, source, seconds, switches, targets, axis } = description;
  return {
    attack: name,
    question: texts.t(`attack.${name}.question`),
    method: texts.t(`attack.${name}.method`),
    seat,
    source,
    seconds,
    targets,
    settings: Object.fromEntries(settingsOf(description)),
    switches,
    axis,
  };
}

function listLines(texts: Texts): string[] {
  const { t, formats } = texts;
  const heading = [
    t('terminal.attack.name'),
    t('terminal.attack.seat'),
    t('terminal.attack.time'),
    t('terminal.attack.question'),
  ];
  const rows = attackNames.map((name) => {
    const { seat, seconds } = attackCatalogue[name];
    return [name, t(`lab.seat.${seat}`), formats.duration(seconds), t(`attack.${name}.question`)];
  });
  return table([heading, ...rows], ['left', 'left', 'right', 'left']);
}

interface OutputOptions extends Printed {
  readonly pictures?: string;
  readonly sheet?: string;
  readonly engine?: string;
}

function addRun(attack: Command, context: CommandContext): void {
  const run = attack
    .command('run')
    .description('one attack, with progress, figures beside their baselines, and a verdict')
    .addHelpText('after', '\nWhat an attack takes: masquerade attack run NAME --help');
  for (const name of attackNames) {
    const description = attackCatalogue[name];
    const command = run
      .command(name)
      .description(`${textsOf('en', 'terminal').t(`attack.${name}.method`)} (${description.source})`);
    addAttackOptions(command, description);
    if (description.targets.includes('model'))
      command.option(
        '--model <file|session>',
        'attacks this model: model.json of an export, or a session of this machine',
      );
    command
      .option('--drawings', "victims' images are the drawings of this machine first")
      .option('--data-dir <dir>', "where sessions, drawings and engines' speeds are kept")
      .option(
        '--passphrase-file <file>',
        'the passphrase of the keys, in a file (or in MASQUERADE_PASSPHRASE)',
      )
      .option(
        `--engine <${engineChoices.join('|')}>`,
        'what trains; auto: for each model the fastest that can (default: auto)',
      )
      .option('--pictures <dir>', 'writes every picture into this folder, as PNG')
      .option('--sheet <file>', 'writes all pictures on one sheet, as PNG')
      .option('--json', 'prints the result as one JSON object')
      .addOption(languageOption('English'))
      .action((options: RunOptions & TargetOptions & OutputOptions & Readonly<Record<string, unknown>>) =>
        runCommand(name, options, context),
      );
  }
}

async function runCommand(
  name: AttackName,
  options: RunOptions & TargetOptions & OutputOptions & Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal, version, print, setExitCode } = context;
  const texts = textsOf(options.language ?? 'en', 'terminal');
  const request = readRequest(attackCatalogue[name], options);
  const settings = checkedSettings(request);
  const engine = await readEngine(options.engine);
  const folder = await writableFolder(options.pictures);
  const { target, asked } = await readTarget(request, options, context);
  const complete = { ...request, target: asked };
  for (const line of openingLines({ ...complete, settings }, target.description, texts)) terminal.line(line);
  let report: AttackReport;
  try {
    report = await runAttackOnce({
      request: complete,
      settings,
      target,
      engine,
      speeds: { folder: callerPath(options.dataDir ?? defaultDataFolder()), version },
      version,
      signal,
      onStep: showAttack(terminal, name, texts),
    });
  } catch (error) {
    if (!(error instanceof AttackStopped)) throw error;
    terminal.clear();
    terminal.line(texts.t('terminal.attack.cancelled'));
    setExitCode(exitCodes.cancelled);
    return;
  }
  terminal.clear();
  const files = folder === undefined ? undefined : await writePictures(report.images, folder);
  if (options.sheet !== undefined)
    await writeWholeFile(callerPath(options.sheet), contactSheet([report], texts));
  if (options.json) print(toJson(attackJson(report, options.language ?? 'en', files)));
  else print(presentReport(report, texts).join('\n'));
  if (folder !== undefined)
    terminal.line(texts.t('terminal.attack.pictures', { count: report.images.length, folder }));
}

/** Throws 'engine-missing' before anything is loaded. */
async function readEngine(name: string | undefined): Promise<EngineChoice> {
  const choice = engineChoices.find((known) => known === (name ?? 'auto'));
  if (choice === undefined) throw invalidSetting('--engine', name, `one of ${engineChoices.join(', ')}`);
  if (choice !== 'auto') await loadEngine(choice);
  return choice;
}

async function writableFolder(given: string | undefined): Promise<string | undefined> {
  if (given === undefined) return undefined;
  if (given === '') throw invalidSetting('--pictures', 'empty', 'a folder');
  const folder = callerPath(given);
  await requireWritableFolder(folder);
  return folder;
}

/** Names of the files, by the pictures' ids. */
async function writePictures(
  images: readonly AttackImage[],
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const [position, image] of images.entries()) {
    const { role, index, name } = image;
    const words = `${role}-${name}`.replaceAll(/[^A-Za-z0-9]+/g, '-');
    const file = `${String(position + 1).padStart(3, '0')}-${words}-${index + 1}.png`;
    await writeWholeFile(join(folder, file), pngOf(image));
    files.set(image.id, file);
  }
  return files;
}
