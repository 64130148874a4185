// GitHub's own parser of workflows and actions. Its package cannot be imported as it is (it imports JSON without saying
// so), so it is bundled first, once for each version of it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { LintedFile } from './files.ts';
import type { Complaint, Linter } from './linter.ts';

interface Diagnostic {
	readonly message: string;
	readonly range: { readonly start: { readonly line: number; readonly character: number } };
}
interface FileReference {
	readonly repository?: string;
	readonly path: string;
}
interface Parser {
	readonly TextDocument: {
		create(uri: string, language: string, version: number, text: string): unknown;
	};
	registerLogger(logger: Readonly<Record<'error' | 'warn' | 'info' | 'log', (text: string) => void>>): void;
	validate(
		document: unknown,
		options: {
			readonly fileProvider: {
				getFileContent(file: FileReference): Promise<{ readonly name: string; readonly content: string }>;
			};
		},
	): Promise<readonly Diagnostic[]>;
}

const FOLDER = '.cache/github-parser';
const ENTRY = `
export { registerLogger, validate } from '@actions/languageservice';
export { TextDocument } from 'vscode-languageserver-textdocument';
`;
/** Parts of it are CommonJS, which asks for \`require\`. */
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const toDigest = (): string => {
	const hash = createHash('sha256').update(ENTRY).update(BANNER);
	return hash.update(readFileSync('package-lock.json')).digest('hex').slice(0, 16);
};

/** @returns path of the bundle, made where this version of the dependencies has none yet */
const provideBundle = async (): Promise<string> => {
	const file = join(FOLDER, `${toDigest()}.mjs`);
	if (existsSync(file)) return file;
	const { outputFiles } = await build({
		stdin: { contents: ENTRY, resolveDir: '.', loader: 'js' },
		bundle: true,
		platform: 'node',
		format: 'esm',
		banner: { js: BANNER },
		write: false,
		logLevel: 'error',
	});
	mkdirSync(FOLDER, { recursive: true });
	writeFileSync(file, outputFiles[0]?.contents ?? '');
	return file;
};

const LIBRARY = 'slipway';

/** Own references (`$/`), and those of the starters to this repository, are read from the files here. */
const toReader = (files: readonly LintedFile[]) => async (file: FileReference) => {
	const isHere = file.repository === undefined || file.repository === LIBRARY;
	const path = file.path.replace(/^\$\//, '');
	const known = files.find((candidate) => candidate.path === path);
	if (!isHere || !known) throw new Error(`expected a file of this repository, got ${file.path}`);
	return { name: path, content: known.text };
};

const toComplaint = (path: string, { message, range }: Diagnostic): Complaint => ({
	path,
	line: range.start.line + 1,
	message,
});

/** What GitHub itself says of each file: every diagnostic counts, warnings too. */
export const githubParser: Linter = {
	name: "GitHub's parser",
	lint: async (files) => {
		const parser: Parser = await import(pathToFileURL(await provideBundle()).href);
		const complaints: Complaint[] = [];
		// An error inside the parser would otherwise count as a clean file.
		const error = (message: string): number => complaints.push({ path: '(parser)', line: 0, message });
		parser.registerLogger({ error, warn: error, info: () => {}, log: () => {} });
		const fileProvider = { getFileContent: toReader(files) };
		for (const { path, text, kind } of files) {
			if (kind === 'dependabot') continue;
			const document = parser.TextDocument.create(`file:///${path}`, 'yaml', 0, text);
			const found = await parser.validate(document, { fileProvider });
			complaints.push(...found.map((diagnostic) => toComplaint(path, diagnostic)));
		}
		return complaints;
	},
};
