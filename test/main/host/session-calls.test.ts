/** A session by the contract's calls alone: hosts with folders of their own, over real sockets, to the model and beyond. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import type { ActivityCommand } from '../../../core/contract/watch-event.ts';
import type { Watched } from '../../../core/contract/watched.ts';
import { makeInvitation, parseInvitation } from '../../../core/joining/join-link.ts';
import { foldEvent } from '../../../core/watching/fold.ts';
import { writeSmallData } from '../compute/small-data.ts';
import { Interface, type OpenedHost, openHost } from './open-host.ts';
import { newFolder, open } from '../storage/store-folder.ts';
import { testIdentity } from '../../support/identities.ts';

/** A person at a screen: watches one activity and decides in it. */
class Person {
  readonly machine: OpenedHost;
  readonly screen: Interface;
  activity = '';
  #watched: Watched | undefined;
  #read = 0;

  private constructor(machine: OpenedHost) {
    this.machine = machine;
    this.screen = new Interface(machine.host);
  }

  static async sit(number: number, folder = newFolder()): Promise<Person> {
    const store = await open(folder);
    if (store.identities().length === 0) store.addIdentity(testIdentity(number), Uint8Array.of(1), false);
    store.close();
    return new Person(await openHost({ folder }));
  }

  async watch(activity: string): Promise<void> {
    this.activity = activity;
    this.#read = this.screen.pushes.length;
    this.#watched = await this.screen.ask('watch', { activity });
  }

  get watched(): Watched {
    const fresh = this.screen.pushes.slice(this.#read);
    this.#read = this.screen.pushes.length;
    for (const push of fresh)
      if (push.push === 'events' && push.activity === this.activity)
        this.#watched = push.events.reduce(foldEvent, this.#watched!);
    return this.#watched!;
  }

  async sees(what: (watched: Watched) => boolean | undefined): Promise<Watched> {
    for (let tries = 0; tries < 6_000; tries += 1) {
      const { watched } = this;
      if (what(watched) === true) return watched;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`never seen at ${JSON.stringify(this.watched.log.slice(-5))}`);
  }

  async does(command: ActivityCommand): Promise<void> {
    await this.screen.ask('command', { activity: this.activity, command });
  }
}

describe('a session by calls', () => {
  let data: string;
  let leader: Person;
  let members: Person[];
  const everyone = () => [leader, ...members];

  before(async () => {
    data = await writeSmallData();
    [leader, ...members] = (await Promise.all([1, 2, 3, 4].map((number) => Person.sit(number)))) as [
      Person,
      ...Person[],
    ];
  });
  after(async () => {
    await Promise.all(everyone().map(({ machine }) => machine.host.close()));
    await rm(data, { recursive: true });
  });

  it('leads from coordinate and join to a list of people', async () => {
    const settings = runSettingsSchema.parse({
      rounds: 3,
      dataset: data,
      model: 'mlp',
      examplesPerClient: 40,
      processes: 1,
    });
    const { activity } = await leader.screen.ask('coordinate', {
      title: 'By calls',
      settings,
      data: 'dealt',
      demonstration: false,
      deadlineSeconds: null,
    });
    await leader.watch(activity);
    const { invitation } = await leader.sees(({ stage }) => stage === 'lobby');
    // on every address; this machine may have no other
    const { endpoints, transportKeyHash } = parseInvitation(invitation!.link);
    const { link } = makeInvitation([{ host: '127.0.0.1', port: endpoints[0]!.port }], transportKeyHash);
    const read = await members[0]!.screen.ask('readInvitation', { text: `here: ${link} !` });
    const join = (person: Person, name: string) =>
      person.screen.ask('join', {
        invitation: read.link,
        name,
        data: { kind: 'folder', path: data },
        agreeToDemonstration: false,
      });
    const names = ['Ada', 'Chloé', 'Emmy'];
    for (const [index, person] of members.entries())
      await person.watch((await join(person, names[index]!)).activity);
    await leader.sees(({ lobby }) => lobby.people.length === 3);

    const again = { invitation: read.link, name: 'Ada', data: { kind: 'dealt' } };
    const twice = await members[0]!.screen.refused('join', { ...again, agreeToDemonstration: false });
    assert.equal(twice.code, 'joined-already');
  });

  it('cannot be deleted or closed while it goes on; going on with it leads to where it goes on', async () => {
    const id = leader.watched.stored!;
    assert.equal((await leader.screen.refused('deleteResults', { ids: [id] })).code, 'result-open');
    const [summary] = await leader.screen.ask('results', {});
    assert.deepEqual([summary?.id, summary?.resumable], [id, false]);
    const { activity } = leader;
    assert.equal((await leader.screen.refused('closeActivity', { activity })).code, 'activity-runs');
    const session = id.slice('session-'.length);
    assert.deepEqual(await leader.screen.ask('resumeSession', { session }), { activity });
  });

  it('leads over the words that all have alike to the same model for everyone', async () => {
    await leader.does({ do: 'close-lobby' });
    const words = await Promise.all(
      members.map(async (person) => {
        const { roster } = await person.sees(({ question }) => question === 'words');
        await person.does({ do: 'answer-words', agreed: true });
        return roster!.words;
      }),
    );
    const led = await leader.sees(({ roster }) => roster?.confirmations.length === 3);
    for (const each of words) assert.deepEqual(each, led.roster!.words);
    await leader.does({ do: 'confirm-words', agreed: true });
    const models = await Promise.all(
      everyone().map(async (person) => {
        const { outcome, finished } = await person.sees(({ stage }) => stage === 'ended');
        assert.deepEqual([outcome?.outcome, finished.length], ['finished', 3]);
        return outcome?.final?.modelSha256;
      }),
    );
    assert.equal(new Set(models).size, 1);
    const images = await members[1]!.screen.ask('ownImages', { activity: members[1]!.activity, count: 6 });
    assert.deepEqual([images.labels.length, images.pixels.length], [6, 6 * 144]);
    for (const { screen, watched } of everyone()) {
      const [summary] = await screen.ask('results', {});
      assert.deepEqual(
        [summary?.id, summary?.title, summary?.resumable],
        [watched.stored, 'By calls', false],
      );
    }
  });

  it('closing the host leaves a session that another start goes on with', async () => {
    const settings = runSettingsSchema.parse({ dataset: data, model: 'mlp', processes: 1 });
    const start = {
      title: 'Left',
      settings,
      data: 'dealt' as const,
      demonstration: false,
      deadlineSeconds: null,
    };
    const { folder } = leader.machine;
    await leader.watch((await leader.screen.ask('coordinate', start)).activity);
    const { invitation, stored } = await leader.sees(({ stage }) => stage === 'lobby');
    await leader.machine.host.close();

    leader = await Person.sit(1, folder);
    const [summary] = await leader.screen.ask('results', {});
    assert.deepEqual([summary?.id, summary?.title, summary?.resumable], [stored, 'Left', true]);
    const session = stored!.slice('session-'.length);
    await leader.watch((await leader.screen.ask('resumeSession', { session })).activity);
    const resumed = await leader.sees(({ stage }) => stage === 'lobby');
    assert.equal(resumed.invitation?.code, invitation!.code);
    await leader.does({ do: 'stop' });
    await leader.sees(({ stage }) => stage === 'ended');
    const { activity } = leader;
    await leader.screen.ask('closeActivity', { activity });
    assert.equal((await leader.screen.refused('watch', { activity })).code, 'activity-unknown');
  });

  it('lists sessions nearby only while somebody asks', async () => {
    const { screen } = members[2]!;
    assert.deepEqual(await screen.ask('lookAround', { on: true }), []);
    assert.deepEqual(await screen.ask('lookAround', { on: false }), []);
  });
});
