import { SlipwayError, toPrintable } from '@slipway/core';
import type { StoreCode } from '../store.ts';

interface Kind {
	readonly code: StoreCode;
	readonly pattern: RegExp;
	readonly hint: string;
}

/** What git and the servers behind it say, the most telling first. */
const KINDS: readonly Kind[] = [
	{
		code: 'STORE_TOO_LARGE',
		pattern:
			/GH001|exceeds .{1,60}(?:file size limit|maximum allowed size)|larger than the maximum|returned error: 413|entity too large/i,
		hint: 'The host takes no file or push of this size: publish smaller files, or use a store without this limit (a directory, or S3).',
	},
	{
		code: 'STORE_WRITE_FAILED',
		pattern: /no space left on device|out of disk ?space|disk quota exceeded/i,
		hint: 'Free some disk space, here (temporary folder) or where the remote repository lies, and run the command again.',
	},
	{
		code: 'STORE_PROTECTED',
		pattern:
			/GH006|GH013|protected branch|rule violations|hook declined|aborted by hook|deny (?:updating|deletion)/i,
		hint: "Let the ruleset or protection of this branch (repository settings, Rules) allow pushes by the workflow's token: exclude the branch from rules that demand pull requests, signed commits or checks. Force pushes may stay forbidden.",
	},
	{
		code: 'STORE_FORBIDDEN',
		pattern:
			/returned error: 40[13]|authentication failed|could not read (?:username|password)|permission denied \(|permission to .{1,300} denied|write access|access denied|not authorized/i,
		hint: "Add `contents: write` to the job's permissions and pass its token (GITHUB_TOKEN); on a laptop: let a credential helper or ssh agent of git have the rights.",
	},
	{
		code: 'STORE_NOT_FOUND',
		pattern:
			/repository .{0,300}not found|does not appear to be a git repository|returned error: (?:404|410)|no such remote/i,
		hint: 'Correct `remote` of the store in slipway.yml. A private repository looks absent to a token without rights: then add `contents: write` to the job.',
	},
	{
		code: 'STORE_READ_ONLY',
		pattern: /read-only file system|insufficient permission for adding|unable to create temporary object/i,
		hint: 'Give this user the right to write in the remote repository, on a disk that is neither full nor read-only.',
	},
	{
		code: 'STORE_UNREACHABLE',
		pattern:
			/could not resolve|failed to connect|connection (?:refused|reset|timed out|was reset|closed)|timed out|returned error: (?:429|5\d\d)|hung up|early eof|rpc failed|empty reply|unable to access|could not read from remote|ssl|gnutls|promisor remote/i,
		hint: 'Check the network and the address of the remote; then run the command again: what is done is not done twice.',
	},
];

/** Two writers came at once; whoever lost looks again. */
const LOST_RACE =
	/non-fast-forward|fetch first|cannot lock ref|failed to lock|unable to create '.{1,500}\.lock'|failed to update ref|incorrect old value|reference already exists|stale info|shallow update not allowed|remote ref .{0,200}changed/i;

/** A branch a/b cannot be beside a branch a: no waiting helps. */
const NAME_TAKEN = /exists; cannot create|directory file conflict/i;

/** What is looked at: bounds the time of every pattern. */
const toEnd = (output: string): string => output.slice(-10_000);

/** True when a push was refused only because another writer was at the branch at the same time. */
export const isLostRace = (output: string): boolean => {
	const text = toEnd(output);
	return LOST_RACE.test(text) && !NAME_TAKEN.test(text);
};

/** True when git itself saw that others were first: then it has sent nothing. */
export const isRefusedUnsent = (output: string): boolean => {
	const text = toEnd(output);
	return /\[rejected\]/.test(text) && !/\[remote |hung up|rpc failed/i.test(text);
};

const LONGEST_OUTPUT = 600;

/** The lines that tell the cause: git's own advice is left out. */
const toCause = (output: string): string => {
	const lines = output
		.split('\n')
		.map((line) => line.replace(/^(?:remote: *)?(?:fatal|error): */, '').trim())
		.filter((line) => line !== '' && !/^(?:hint|To |Done$|remote: *$)/.test(line));
	return toPrintable([...new Set(lines)].join('; '), LONGEST_OUTPUT);
};

export interface GitFailure {
	readonly verb: 'read' | 'write';
	/** For people, without credentials. */
	readonly store: string;
	/** Of git, already redacted. */
	readonly output: string;
	readonly cause?: unknown;
}

/** What a git that failed said, as a typed error. */
export const toGitError = ({ verb, store, output, cause }: GitFailure): SlipwayError<StoreCode> => {
	const text = toEnd(output);
	const kind = NAME_TAKEN.test(text) ? undefined : KINDS.find(({ pattern }) => pattern.test(text));
	const other: StoreCode = verb === 'read' ? 'STORE_UNREADABLE' : 'STORE_WRITE_FAILED';
	return new SlipwayError<StoreCode>(
		kind?.code ?? other,
		`${store}: expected to ${verb} it, got: ${toCause(text) || 'no word from git'}`,
		{ hint: kind?.hint ?? 'Look at what git says, repair it and run the command again.', cause },
	);
};
