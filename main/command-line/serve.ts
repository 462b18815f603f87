/** `masquerade serve`: a name that is kept for the interface in a browser. */
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';

export function addServeCommand(program: Command, { terminal, setExitCode }: CommandContext): void {
  program
    .command('serve', { hidden: true })
    .description('the interface in a browser: not in this version')
    .allowExcessArguments()
    .allowUnknownOption()
    .action(() => {
      terminal.line(
        'masquerade: the interface in a browser comes with a later version; nothing was started.',
      );
      setExitCode(exitCodes.badInput);
    });
}
