import type { TextPart } from './file-text.ts';
import { PATTERNS } from './patterns.ts';

/** What was found, and where: never the secret itself. */
export interface FoundSecret {
	readonly kind: string;
	/** From 1. */
	readonly line: number;
}

/** Rules of others, loaded when a text is looked at for the first time. */
export type Linter = (part: TextPart, path: string) => Promise<readonly FoundSecret[]>;

/** Comments in a package must not switch off its own examination. */
const LEFT_OUT = '@secretlint/secretlint-rule-filter-comments';

/** Some rules read other files or ask for a name; this one names the kind of file and no file that exists. */
const toNeutralPath = (path: string): string => `packed:/${path.replace(/\.p12$/i, '.txt')}`;

/** `GITHUB_TOKEN` of the rule `…-rule-github`, in words. */
const toKind = (messageId: string): string => messageId.toLowerCase().replaceAll('_', ' ');

/** Loads secretlint and its recommended rules: a tenth of a second, and only where there is something to look at. */
export const loadLinter = async (): Promise<Linter> => {
	const [{ lintSource }, { secretLintProfiler }, { rules }] = await Promise.all([
		import('@secretlint/core'),
		import('@secretlint/profiler'),
		import('@secretlint/secretlint-rule-preset-recommend'),
	]);
	// It keeps marks of every rule and file for as long as the process lives.
	secretLintProfiler.setEnabled(false);
	const config = {
		rules: rules.filter(({ meta }) => meta.id !== LEFT_OUT).map((rule) => ({ id: rule.meta.id, rule })),
	};
	return async ({ text, line }, path) => {
		const filePath = toNeutralPath(path);
		const ext = /\.[^./]{1,20}$/.exec(filePath)?.[0] ?? '';
		const { messages } = await lintSource({
			source: { content: text, filePath, ext, contentType: 'text' },
			options: { config, maskSecrets: true, noPhysicFilePath: true },
		});
		return messages.map(({ messageId, loc }) => ({
			kind: toKind(messageId),
			line: line + loc.start.line - 1,
		}));
	};
};

const toLine = ({ text, line }: TextPart, index: number): number => {
	let count = line;
	for (let end = text.indexOf('\n'); end >= 0 && end < index; end = text.indexOf('\n', end + 1)) count += 1;
	return count;
};

/** What our own patterns find in one part of a text. */
export const findByPattern = (part: TextPart): readonly FoundSecret[] =>
	PATTERNS.filter(({ marks }) => marks.some((mark) => part.text.includes(mark))).flatMap(
		({ kind, pattern }) =>
			[...part.text.matchAll(pattern)].map(({ index }) => ({ kind, line: toLine(part, index) })),
	);
