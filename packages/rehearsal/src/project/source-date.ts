import { findExecutable, run } from '@slipway/process';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a build of a folder without history takes: 1980-01-01. */
const WITHOUT_HISTORY = '315532800';

/**
 * SOURCE_DATE_EPOCH for copies of a project: what a build in the project's own folder would take, so that the copies
 * give the same bytes. (The copies have no history, or lie in that of another repository.)
 */
export const readSourceDate = async (folder: string, environment: Environment): Promise<string> => {
	const given = environment.SOURCE_DATE_EPOCH;
	if (given) return given;
	const git = findExecutable('git', environment.PATH);
	if (git === undefined) return WITHOUT_HISTORY;
	const { PATH, HOME, USERPROFILE } = environment;
	const { code, stdout } = await run([git, '-C', folder, 'log', '-1', '--format=%ct'], {
		cwd: folder,
		environment: { PATH, HOME, USERPROFILE, LC_ALL: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0' },
		timeoutMs: 30_000,
	});
	return code === 0 && /^\d+$/.test(stdout.trim()) ? stdout.trim() : WITHOUT_HISTORY;
};
