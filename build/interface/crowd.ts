/** People who join a session so that its screens are full: many in one process, without a machine of their own. */
import { type ChildProcess, fork } from 'node:child_process';
import type { CrowdTask } from '../soak/crowd-process.ts';

/** From many places, with names of all lengths. */
const names = [
  'Ada',
  'Oskar',
  'Manon',
  'Diego',
  'Elsa',
  'Karim',
  'Anouk',
  'Jules',
  'Ravi',
  'Salomé',
  'Mei',
  'Hugo',
  'Noor',
  'Léo',
  'Aïcha',
  'Tomás',
  'Maximiliane-Charlotte von Hohenlohe-Langenburg',
  'Yusuf',
  'Priya',
];

export class Crowd {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static join(link: string, members: number): Crowd {
    const child = fork(new URL('../soak/crowd-process.ts', import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const task: CrowdTask = {
      link,
      dataset: 'mnist',
      first: 0,
      end: members,
      everyNthVanishes: undefined,
      names,
    };
    child.send(task);
    return new Crowd(child);
  }

  end(): void {
    this.#process.kill('SIGKILL');
  }
}
