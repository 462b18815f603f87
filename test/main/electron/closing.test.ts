import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ActivitySummary } from '../../../core/contract/host.ts';
import { closingQuestion } from '../../../main/electron/closing.ts';
import { refusalText } from '../../../main/electron/refusal-texts.ts';
import { textsOf } from '../../../renderer/messages/translate.ts';

const activity = (
  kind: ActivitySummary['kind'],
  stage: ActivitySummary['stage'],
  title = 'Room 4',
): ActivitySummary => ({
  activity: `${kind}-0123456789abcdef`,
  kind,
  title,
  stage,
  round: 1,
  rounds: 5,
});
const { t } = textsOf('en');
const answers = (activities: readonly ActivitySummary[]): readonly string[] | undefined =>
  closingQuestion(activities, t)?.answers.map(({ answer }) => answer);

describe('closingQuestion()', () => {
  it('asks nobody where nothing goes on', () => {
    assert.equal(closingQuestion([], t), undefined);
    assert.equal(
      closingQuestion([activity('coordinator', 'ended'), activity('simulation', 'ended')], t),
      undefined,
    );
  });

  it('offers to leave a session so that it can go on, to stop it for good, or to stay', () => {
    for (const kind of ['coordinator', 'participant'] as const)
      for (const stage of ['preparing', 'lobby', 'words', 'running'] as const)
        assert.deepEqual(answers([activity(kind, stage)]), ['leave', 'stop', 'stay']);
    assert.deepEqual(answers([activity('simulation', 'running'), activity('participant', 'running')]), [
      'leave',
      'stop',
      'stay',
    ]);
  });

  it('offers to stop a simulation or comparison, which cannot go on later', () => {
    assert.deepEqual(answers([activity('simulation', 'running')]), ['stop', 'stay']);
    assert.deepEqual(answers([activity('comparison', 'preparing')]), ['stop', 'stay']);
  });

  it('names what has not ended, in the language', () => {
    const question = closingQuestion([activity('participant', 'running', 'Salle 4')], textsOf('fr').t);
    assert.match(question?.message ?? '', /^Fermer Masquerade/);
    assert.match(question?.detail ?? '', /Salle 4/);
    assert.equal(question?.answers.at(-1)?.label, 'Annuler');
  });
});

describe('refusalText()', () => {
  const places = { folder: '/data/masquerade', log: '/data/masquerade/masquerade-window.log' };
  it('says in both languages what to do about each refusal, naming the folder', () => {
    for (const code of [
      'folder-in-use',
      'folder-unusable',
      'disk-full',
      'database-damaged',
      'database-too-new',
      'system-key-needed',
      'wrapping-key-unusable',
    ]) {
      const texts = (['en', 'fr'] as const).map((language) => refusalText(textsOf(language).t, code, places));
      for (const text of texts) assert.ok(text.includes(places.folder), `${code}: ${text}`);
      assert.notEqual(texts[0], texts[1]);
    }
  });

  it('leads to the log for whatever else there is', () => {
    assert.ok(refusalText(t, 'fault', places).includes(places.log));
  });
});
