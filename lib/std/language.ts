/** Chooses a language: of those that are served the best one that somebody asks for. */

/** What somebody asks for. */
export interface LanguageWishes {
  /** Tags as people and apps keep them, such as `es-MX` or `de_DE.UTF-8`; the first goes first. */
  tags: readonly (string | undefined)[];
  /** The browser's header, asked where no tag is served. */
  acceptLanguage?: string | undefined;
}

/** Some of the words. */
export type SomeOf<W> = { [K in keyof W]?: W[K] | undefined };

/** The words that languages have in place of others, or for the first time; `false` leaves one out. */
export type Changes<W> = Readonly<Record<string, SomeOf<W> | false>>;

/** The languages that something is said in, each with its words; the first is for those who read none of them. */
export class Languages<W extends object> {
  readonly #words: ReadonlyMap<string, W>;
  /** Their tags. */
  readonly tags: readonly [string, ...string[]];

  constructor(words: Readonly<Record<string, W>>, changes: Changes<W> = {}) {
    const all = new Map(Object.entries(words));
    for (const [tag, change] of Object.entries(changes)) {
      if (change === false) all.delete(tag);
      else all.set(tag, { ...all.get(tag), ...change } as W);
    }
    this.#words = all;
    this.tags = [...all.keys()] as [string, ...string[]];
  }

  /** The language for somebody. */
  choose(wishes: LanguageWishes): string {
    return chooseLanguage(this.tags, wishes);
  }

  /** The words of one of them. */
  wordsOf(tag: string): W {
    return (this.#words.get(tag) ?? this.#words.get(this.tags[0])) as W;
  }
}

/**
 * The first tag whose language is served, else the best of the browser's (RFC 9110 12.5.4, look-up as in
 * RFC 4647 3.4), else the first that is served.
 */
function chooseLanguage(
  served: readonly [string, ...string[]],
  { tags, acceptLanguage = "" }: LanguageWishes,
): string {
  for (const tag of tags) {
    const own = served.find((each) => each === languageOf(tag ?? ""));
    if (own !== undefined) return own;
  }
  return bestOf(served, rangesIn(acceptLanguage)) ?? served[0];
}

interface Range {
  /** Primary language, or `*`. */
  language: string;
  /** Whether it means the whole language, and no region of it. */
  isWhole: boolean;
  quality: number;
}

const RANGE =
  /^(\*|[a-z]{1,8})((?:[-_][a-z0-9]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;
const LONGEST_HEADER = 1000;

/** The ranges of a header, as they stand in it. What is none counts as absent. */
function rangesIn(header: string): Range[] {
  const parts = header.slice(0, LONGEST_HEADER).split(",");
  // The last may have lost its end.
  if (header.length > LONGEST_HEADER) parts.pop();
  return parts.flatMap((part) => {
    const [range, language = "", rest = "", quality = "1"] = RANGE.exec(part.trim()) ?? [];
    if (range === undefined) return [];
    return { language: language.toLowerCase(), isWhole: rest === "", quality: Number(quality) };
  });
}

function bestOf(served: readonly string[], ranges: readonly Range[]): string | undefined {
  const refused = new Set(
    ranges.filter(({ isWhole, quality }) => isWhole && quality === 0).map((each) => each.language),
  );
  const named = new Set(ranges.map(({ language }) => language));
  const ranked = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  for (const { language } of ranked) {
    // `*` is any that is not named beside it.
    const isMeant = (each: string) => (language === "*" ? !named.has(each) : each === language);
    const best = served.find((each) => isMeant(each) && !refused.has(each));
    if (best !== undefined) return best;
  }
  return undefined;
}

// Systems write `de_DE.UTF-8@euro`, where BCP 47 has `de-DE`.
function languageOf(tag: string): string | undefined {
  return /^[a-z]{2,3}(?=[-_.@]|$)/i.exec(tag.trim())?.[0].toLowerCase();
}
