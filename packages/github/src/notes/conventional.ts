/** One change as people read it: a merged pull request, or a commit that belongs to none. */
export interface Change {
	/** One line; foreign text. */
	readonly title: string;
	readonly pull: number | undefined;
	readonly commit: string;
	/** Says that it breaks what was there (conventional commits, `BREAKING CHANGE` in the text). */
	readonly isBreaking: boolean;
}

/** The parts of `type(scope)!: description` (Conventional Commits 1.0.0). */
interface Conventional {
	readonly type: string;
	readonly scope: string | undefined;
	readonly isBreaking: boolean;
	readonly description: string;
}

const HEAD = /^([a-z]{2,20})(?:\(([^()\n]{1,60})\))?(!)?: (\S.*)$/i;

const KNOWN: ReadonlySet<string> = new Set(
	'feat fix docs style refactor perf test tests build ci chore revert deps security'.split(' '),
);

export const parseConventional = (title: string): Conventional | undefined => {
	const [, type, scope, bang, description] = HEAD.exec(title) ?? [];
	if (!type || !description || !KNOWN.has(type.toLowerCase())) return undefined;
	return { type: type.toLowerCase(), scope, isBreaking: bang !== undefined, description };
};

export const hasBreakingFooter = (message: string): boolean => /^BREAKING[ -]CHANGE: /m.test(message);

/** Changes under one heading; `heading` undefined: the plain list. */
export interface Group {
	readonly heading: string | undefined;
	readonly entries: readonly { readonly text: string; readonly change: Change }[];
}

const toEntry = (change: Change) => {
	const parsed = parseConventional(change.title);
	if (!parsed) return { kind: 'other', text: change.title, change };
	const text = parsed.scope === undefined ? parsed.description : `${parsed.scope}: ${parsed.description}`;
	const kind = parsed.isBreaking || change.isBreaking ? 'breaking' : parsed.type;
	return { kind, text, change };
};

const HEADINGS: readonly (readonly [heading: string, kinds: readonly string[] | undefined])[] = [
	['Breaking changes', ['breaking']],
	['Features', ['feat']],
	['Fixes', ['fix', 'security', 'perf']],
	['Others', undefined],
];

/** Where at least half of the titles are conventional: grouped; else one list in the order of the commits. */
export const toGroups = (changes: readonly Change[]): readonly Group[] => {
	const isConventional = changes.filter(({ title }) => parseConventional(title)).length * 2 >= changes.length;
	if (changes.length === 0) return [];
	if (!isConventional)
		return [{ heading: undefined, entries: changes.map((change) => ({ text: change.title, change })) }];
	const named = HEADINGS.flatMap(([, kinds]) => kinds ?? []);
	const entries = changes.map(toEntry);
	return HEADINGS.map(([heading, kinds]) => ({
		heading,
		entries: entries.filter(({ kind }) => (kinds ? kinds.includes(kind) : !named.includes(kind))),
	})).filter((group) => group.entries.length > 0);
};
