/** Turns a session's events into lines for a person; one line is redrawn while this machine trains. */
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import type { SessionEvent } from '../../core/contract/session-event.ts';
import { formatDuration, type Terminal } from './terminal.ts';

const step = (name: string, text: string): string => `${name.padEnd(11)}${text}`;
const count = (value: number): string => Math.round(value).toLocaleString('en');
const plural = (value: number, one: string): string => `${count(value)} ${one}${value === 1 ? '' : 's'}`;

/** The first groups of a fingerprint: enough to tell people apart in a list. */
const short = (fingerprint: string): string => fingerprint.split(' ').slice(0, 4).join(' ');

export function showSession(
  terminal: Terminal,
  role: 'coordinator' | 'participant',
): (event: SessionEvent) => void {
  return (event) => {
    for (const line of linesOf(event, role)) terminal.line(line);
    if (event.type !== 'training') return;
    const { round, examplesDone, examplesTotal, examplesPerSecond } = event;
    if (examplesDone >= examplesTotal) {
      terminal.clear();
      return;
    }
    terminal.progress({
      label: `Round ${round}`,
      share: examplesDone / examplesTotal,
      speed: `${count(examplesPerSecond)} images/s`,
      secondsLeft: examplesPerSecond > 0 ? (examplesTotal - examplesDone) / examplesPerSecond : undefined,
    });
  };
}

function linesOf(event: SessionEvent, role: 'coordinator' | 'participant'): readonly string[] {
  switch (event.type) {
    case 'listening':
      return [
        step('Session', `${event.session}${event.resumed ? ', resumed' : ''}`),
        step('Code', event.code ?? 'none: this machine has no IPv4 address; use the link'),
        step('Link', event.link),
        step('At', event.addresses.join('  ')),
        step('Identity', event.fingerprint),
      ];
    case 'lobby':
      return [
        step('Lobby', `${plural(event.participants.length, 'participant')}${event.locked ? ', locked' : ''}`),
        ...event.participants.map(
          ({ name, fingerprint, connected, known, confirmed }, index) =>
            `  ${String(index + 1).padStart(3)}  ${name}  ${short(fingerprint)}${known ? '  known' : ''}${connected ? '' : '  offline'}${confirmed === true ? '  confirmed' : ''}`,
        ),
      ];
    case 'roster-list':
      return [
        step(
          'Lobby',
          `${plural(event.names.length, 'participant')}${event.locked ? ', locked' : ''}: ${event.names.join(', ')}`,
        ),
      ];
    case 'roster':
      return [
        '',
        step('Words', event.words.join('  ')),
        step(
          '',
          `${plural(event.participants, 'participant')}${event.own === null ? '' : `; you are number ${event.own}`}`,
        ),
        step('', 'Every screen must show these words, in this order, and this number of participants.'),
        '',
      ];
    case 'confirmation':
      return [
        step(
          'Words',
          `${event.name} ${event.agreed ? (event.compared ? 'sees the same' : 'accepts them uncompared') : 'SEES OTHERS'}`,
        ),
      ];
    case 'round-started':
      return [
        `Round ${event.round} of ${event.rounds}${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`,
      ];
    case 'phase':
      return [
        step(
          '  waiting',
          `${event.phase}: ${plural(event.awaited, 'answer')}, at most ${formatDuration(event.deadlineMs / 1000)}`,
        ),
      ];
    case 'protocol':
      return protocolLines(event.event, role);
    case 'attempt-aborted':
      return [step('  aborted', `attempt ${event.attempt}: ${event.reason}; retry: ${event.retry}`)];
    case 'round':
      return [
        step(
          '  model',
          `round ${event.round}: accuracy ${event.accuracy.toFixed(4)}, F1 ${event.f1Weighted.toFixed(4)}, loss ${event.loss.toFixed(4)}`,
        ),
        ...(event.dropped.length > 0
          ? [step('  vanished', event.dropped.map((client) => `number ${client}`).join(', '))]
          : []),
        ...(role === 'coordinator'
          ? [
              step(
                '  time',
                `${formatDuration(event.ms.total / 1000)}; coordinator ${event.ms.coordinator.toFixed(0)} ms`,
              ),
            ]
          : []),
      ];
    case 'connection':
      return [
        step(
          event.connected ? 'Here' : 'Gone',
          `${event.name}${event.reason === '' ? '' : ` (${event.reason})`}`,
        ),
      ];
    case 'turned-away':
      return [step('Refused', `${event.address}: ${event.reason}`)];
    case 'repeat-asked':
      return [step('Burnt', `round ${event.round} cannot be repeated unasked: every participant is asked`)];
    case 'repeat-question':
      return [
        '',
        step(
          'Asked',
          `Round ${event.round} failed after some had signed who is in it. Another sum over the same model may,`,
        ),
        step(
          '',
          'compared with what the coordinator already has, give away the update of whoever is missing.',
        ),
      ];
    case 'joined':
      return [
        step('Joined', `${event.title}, as ${event.name}; ${plural(event.rounds, 'round')}`),
        step('Leader', short(event.coordinatorFingerprint)),
        ...(event.demonstration ? [step('', 'A DEMONSTRATION: protections may be off')] : []),
      ];
    case 'data':
      return [
        step(
          'Data',
          `${plural(event.examples, 'image')} of ${event.dataset}, ${event.mode === 'dealt' ? 'your part' : 'your own'}; they stay on this machine`,
        ),
      ];
    case 'masked':
      return [step('  masked', `${count(event.bytes / 1000)} kB sent, useless without the others'`)];
    case 'connected':
      return [step('Connected', event.address)];
    case 'disconnected':
      return [
        step(
          'Lost',
          `${event.reason}${event.retryInMs === null ? '' : `; trying again in ${formatDuration(event.retryInMs / 1000)}`}`,
        ),
      ];
    case 'waiting':
      return [
        step(
          'Waiting',
          event.reason === 'running' ? 'the session runs: you are let in with the next epoch' : event.reason,
        ),
      ];
    case 'paused':
    case 'resumed':
      return [step(event.type === 'paused' ? 'Paused' : 'Resumed', '')];
    case 'note':
      return [step('Note', event.text)];
    case 'error':
      return [step('Error', event.message), step('', event.hint)];
    case 'finished': {
      const { outcome, final, identitiesCompared } = event;
      return [
        '',
        step('Ended', outcome),
        ...(final === null
          ? []
          : [
              step('Model', `round ${final.round}, ${final.modelSha256}`),
              ...(final.accuracy === null ? [] : [step('Accuracy', final.accuracy.toFixed(4))]),
            ]),
        ...(identitiesCompared ? [] : [step('', 'Identities were not compared in this session.')]),
      ];
    }
    case 'training':
      return [];
  }
}

/** What everyone does in every round shows at one's own machine; elsewhere only what is unusual. */
function protocolLines(
  { kind, client, phase, detail }: ProtocolEvent,
  role: 'coordinator' | 'participant',
): readonly string[] {
  const who = client === undefined ? 'the coordinator' : `number ${client}`;
  const reason = 'reason' in detail ? ` (${detail['reason']})` : '';
  switch (kind) {
    case 'dropped':
    case 'refused':
    case 'recovered':
    case 'share-missing':
      return [step(`  ${kind}`, `${who} in ${phase}${reason}`)];
    case 'advertised':
      return role === 'participant' ? [step('  keys', 'two fresh keys for this round')] : [];
    case 'shared':
      return role === 'participant'
        ? [step('  shares', 'secrets sent to the others in encrypted pieces')]
        : [];
    case 'signed':
      return role === 'participant'
        ? [step('  signed', `who is in: ${detail['survivors']} participants`)]
        : [];
    case 'revealed':
      return role === 'participant'
        ? [step('  revealed', 'one share for each, so that the sum can be read')]
        : [];
    default:
      return [];
  }
}
