/**
 * What the interface can say now: one language at a time, in the parts that screens have asked for. Texts are replaced
 * whole once all of them are there, so that nobody sees half a page in another language.
 */
import type { Language } from './formats.ts';
import type { TextPart } from './parts.ts';
import { createTexts, type Messages, type Texts } from './texts.ts';

/** Rejects where the part cannot be fetched. */
export type FetchTexts = (language: Language, part: TextPart) => Promise<Messages>;

export class SpokenTexts {
  /** Told of the texts that take the place of those before. */
  onChange: (texts: Texts) => void = () => undefined;
  readonly #fetch: FetchTexts;
  readonly #parts = new Set<TextPart>(['interface']);
  #wanted: Language;
  #texts: Texts;
  /** Parts that the texts of now have. */
  #here: readonly TextPart[] = [];

  private constructor(language: Language, fetch: FetchTexts) {
    this.#fetch = fetch;
    this.#wanted = language;
    this.#texts = createTexts(language, {});
  }

  /** Rejects where the texts cannot be fetched. */
  static async in(language: Language, fetch: FetchTexts): Promise<SpokenTexts> {
    const spoken = new SpokenTexts(language, fetch);
    await spoken.#bring();
    return spoken;
  }

  get texts(): Texts {
    return this.#texts;
  }

  /** Rejects where its texts cannot be fetched: what is said stays as it is. */
  async speak(language: Language): Promise<void> {
    const said = this.#texts.formats.language;
    if (language === this.#wanted && language === said) return;
    this.#wanted = language;
    try {
      await this.#bring();
    } catch (error) {
      if (this.#wanted === language) this.#wanted = this.#texts.formats.language;
      throw error;
    }
  }

  /** Resolves once its texts are there; rejects where they cannot be fetched. */
  async need(part: TextPart): Promise<void> {
    if (this.#here.includes(part)) return;
    this.#parts.add(part);
    try {
      await this.#bring();
    } catch (error) {
      this.#parts.delete(part);
      throw error;
    }
  }

  /** Until what is asked for last is there: whoever asked before goes on with it, too. */
  async #bring(): Promise<void> {
    const [language, parts] = [this.#wanted, [...this.#parts]];
    const fetched = await Promise.all(parts.map((part) => this.#fetch(language, part)));
    if (language !== this.#wanted || parts.length !== this.#parts.size) return this.#bring();
    const isNews = language !== this.#texts.formats.language || parts.length !== this.#here.length;
    if (!isNews) return;
    this.#texts = createTexts(language, Object.assign({}, ...fetched) as Messages);
    this.#here = parts;
    this.onChange(this.#texts);
  }
}
