import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Language } from '../../../renderer/messages/formats.ts';
import { fetchTexts, type TextPart } from '../../../renderer/messages/parts.ts';
import { SpokenTexts } from '../../../renderer/messages/spoken-texts.ts';
import { createTexts, type Messages, type Texts } from '../../../renderer/messages/texts.ts';

const undo = { en: 'Undo', fr: 'Annuler' } as const;
const title = { en: 'The lab', fr: 'Le labo' } as const;

/** Fetches that arrive when they are let; each of one language and part. */
class Post {
  readonly asked: { readonly what: string; arrive(): void; fail(): void }[] = [];

  readonly fetch = (language: Language, part: TextPart): Promise<Messages> =>
    new Promise((resolve, reject) => {
      this.asked.push({
        what: `${language} ${part}`,
        arrive: () => {
          resolve(part === 'interface' ? { 'shell.undo': undo[language] } : { 'lab.title': title[language] });
        },
        fail: () => {
          reject(new Error('gone'));
        },
      });
    });

  /** Everything that is asked for, and whatever is asked for meanwhile. */
  async arrive(): Promise<void> {
    while (this.asked.length > 0) {
      for (const one of this.asked.splice(0)) one.arrive();
      await settle();
    }
  }

  async fail(): Promise<void> {
    for (const one of this.asked.splice(0)) one.fail();
    await settle();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function spokenIn(language: Language): Promise<{ spoken: SpokenTexts; post: Post; told: Texts[] }> {
  const post = new Post();
  const coming = SpokenTexts.in(language, post.fetch);
  await post.arrive();
  const spoken = await coming;
  const told: Texts[] = [];
  spoken.onChange = (texts) => told.push(texts);
  return { spoken, post, told };
}

describe('SpokenTexts', () => {
  it('fetches one language, and the lab only when it is needed, once', async () => {
    const { spoken, post, told } = await spokenIn('fr');
    assert.equal(spoken.texts.t('shell.undo'), 'Annuler');
    assert.equal(spoken.texts.has('lab.title'), false);
    const needed = spoken.need('lab');
    assert.deepEqual(
      post.asked.map(({ what }) => what),
      ['fr interface', 'fr lab'],
    );
    await post.arrive();
    await needed;
    assert.equal(spoken.texts.t('lab.title'), 'Le labo');
    assert.deepEqual(told, [spoken.texts]);
    await spoken.need('lab');
    assert.equal(post.asked.length, 0);
  });

  it('replaces a language whole, with every part that is in use', async () => {
    const { spoken, post, told } = await spokenIn('en');
    const needed = spoken.need('lab');
    await post.arrive();
    await needed;
    const changed = spoken.speak('fr');
    assert.deepEqual(
      post.asked.map(({ what }) => what),
      ['fr interface', 'fr lab'],
    );
    post.asked.shift()!.arrive();
    await settle();
    assert.equal(spoken.texts.t('shell.undo'), 'Undo', 'half a language is not shown');
    await post.arrive();
    await changed;
    assert.equal(spoken.texts.t('shell.undo'), 'Annuler');
    assert.equal(spoken.texts.t('lab.title'), 'Le labo');
    assert.equal(told.length, 2);
  });

  it('ends in the language asked for last, whichever arrives first', async () => {
    const { spoken, post, told } = await spokenIn('en');
    const french = spoken.speak('fr');
    const english = spoken.speak('en');
    for (const one of post.asked.splice(0).reverse()) one.arrive();
    await settle();
    await post.arrive();
    await Promise.all([french, english]);
    assert.equal(spoken.texts.t('shell.undo'), 'Undo');
    assert.deepEqual(told, []);
  });

  it('resolves for whoever needs a part only once it is there, though another language came between', async () => {
    const { spoken, post } = await spokenIn('en');
    const needed = spoken.need('lab');
    const before = post.asked.splice(0);
    const changed = spoken.speak('fr');
    for (const one of before) one.arrive();
    let isThere = false;
    void needed.then(() => (isThere = true));
    await settle();
    assert.equal(isThere, false);
    await post.arrive();
    await Promise.all([needed, changed]);
    assert.equal(spoken.texts.t('lab.title'), 'Le labo');
  });

  it('says on what it said where a language cannot be fetched, and can be asked again', async () => {
    const { spoken, post, told } = await spokenIn('en');
    const refused = assert.rejects(spoken.speak('fr'), /gone/);
    await post.fail();
    await refused;
    assert.equal(spoken.texts.t('shell.undo'), 'Undo');
    assert.deepEqual(told, []);
    const again = spoken.speak('fr');
    await post.arrive();
    await again;
    assert.equal(spoken.texts.t('shell.undo'), 'Annuler');
  });

  it('changes its language although a part could not be fetched before', async () => {
    const { spoken, post } = await spokenIn('en');
    const refused = assert.rejects(spoken.need('lab'), /gone/);
    await post.fail();
    await refused;
    const changed = spoken.speak('fr');
    assert.deepEqual(
      post.asked.map(({ what }) => what),
      ['fr interface'],
    );
    await post.arrive();
    await changed;
    assert.equal(spoken.texts.has('lab.title'), false);
  });
});

describe('fetchTexts()', () => {
  for (const language of ['en', 'fr'] as const)
    it(`gives the lab's texts with the lab alone (${language})`, async () => {
      const [first, lab] = [await fetchTexts(language, 'interface'), await fetchTexts(language, 'lab')];
      assert.deepEqual(
        Object.keys(first).filter((key) => Object.hasOwn(lab, key)),
        [],
      );
      assert.ok(createTexts(language, lab).has('attack.closed-form.title'));
      assert.ok(createTexts(language, first).has('setup.title'));
    });
});

describe('t()', () => {
  it('refuses a message that has not been fetched, by its key', () => {
    const { t } = createTexts('en', {});
    assert.throws(() => t('lab.title'), { name: 'RangeError', message: /lab\.title/ });
  });
});
