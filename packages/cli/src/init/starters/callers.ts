import type { Library } from '../library.ts';
import { type Noted, noted, type Tree, type TreeMap } from '../yaml.ts';

/** What the caller files differ in. */
export interface CallerOptions {
	readonly library: Library;
	/** Which kinds of targets slipway.yml names. */
	readonly targets: readonly TargetType[];
	/** Labels of the runners that build and test. */
	readonly runners: readonly string[];
	/** Label of the runner of every other job; default: that of the workflows. */
	readonly runner?: string | undefined;
	/** Environment whose reviewers approve before anything is visible. */
	readonly approval?: string | undefined;
	/** Folder of the project in the repository; default: all of it. */
	readonly project?: string | undefined;
}

export type TargetType = 'npm' | 'apt' | 'github';

/** What the reusable workflows build on where nothing else is said. */
export const DEFAULT_RUNNERS: readonly string[] = ['ubuntu-24.04'];

/** The environment that every job runs in which writes to npm. */
export const NPM_ENVIRONMENT = 'npm';

const WHY: Readonly<Record<string, string>> = {
	'contents: read': 'checkout',
	'contents: write': 'journal branch, apt branch, the release on GitHub',
	'id-token: write': 'trusted publishing to npm, signatures without a key',
	'attestations: write': "the repository's attestations",
	'actions: read': 'bytes of an earlier run',
	'issues: write': 'one issue that says what is wrong',
	'pull-requests: write': 'one comment, kept up to date',
};

/** What GitHub puts in when the run starts. */
export const toExpression = (text: string): string => `\${{ ${text} }}`;

/** Scopes of a job, each with its reason. */
export const toPermissions = (scopes: Readonly<Record<string, string>>): TreeMap =>
	Object.fromEntries(
		Object.entries(scopes).map(([scope, level]) => [
			scope,
			noted(level, { behind: WHY[`${scope}: ${level}`] ?? 'asked for by the workflow that is called' }),
		]),
	);

/** A pinned reference to a file or action of the library. */
export const toUses = ({ repository, commit, version }: Library, path: string): Noted =>
	noted(`${repository}/${path}@${commit}`, { behind: version });

export const toWorkflowUses = (library: Library, name: string): Noted =>
	toUses(library, `.github/workflows/${name}.yml`);

/** Inputs that every reusable workflow takes; what is left at its default is left out. */
export const toPlaceInputs = ({ project, runner }: CallerOptions): TreeMap => ({ project, runner });

/** Inputs of those that build. */
export const toBuildInputs = ({ runners }: CallerOptions): TreeMap => ({
	runners: runners.join() === DEFAULT_RUNNERS.join() ? undefined : JSON.stringify(runners),
});

/** `with:`, or nothing where there is nothing to say. */
export const toWith = (inputs: TreeMap): Tree | undefined =>
	Object.values(inputs).some((value) => value !== undefined) ? inputs : undefined;
