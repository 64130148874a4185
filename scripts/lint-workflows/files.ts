import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A file that GitHub reads, with its path in the repository. */
export interface LintedFile {
	readonly path: string;
	readonly text: string;
	readonly kind: 'workflow' | 'action' | 'dependabot';
}

const listBelow = (folder: string): string[] =>
	existsSync(folder)
		? readdirSync(folder, { recursive: true, encoding: 'utf8' })
				.map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
				.sort()
		: [];

const isWorkflow = (path: string): boolean => /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path);

const isAction = (path: string): boolean => /^(actions\/[^/]+\/)?action\.yml$/.test(path);

/** Every workflow and action that is shipped or written for users: ours, the starters, the metadata of the actions. */
export const readLintedFiles = (): LintedFile[] => {
	const dependabot = { path: '.github/dependabot.yml', kind: 'dependabot' } as const;
	const paths = ['action.yml', ...['.github/workflows', 'docs/starters'].flatMap(listBelow)];
	const actions = readdirSync('actions').map((name) => `actions/${name}/action.yml`);
	const files: LintedFile[] = [...paths, ...actions]
		.filter((path) => existsSync(path) && (isWorkflow(path) || isAction(path)))
		.map((path) => ({
			path,
			text: readFileSync(path, 'utf8'),
			kind: isAction(path) ? 'action' : 'workflow',
		}));
	return [...files, { ...dependabot, text: readFileSync(dependabot.path, 'utf8') }];
};
