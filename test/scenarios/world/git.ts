import { findExecutable, run } from '@slipway/process';

/** Runs git in a folder; nobody's configuration but the folder's own counts. Returns what it printed. */
export const git = async (folder: string, ...args: readonly string[]): Promise<string> => {
	const program = findExecutable('git', process.env.PATH);
	if (!program) throw new Error('expected git on PATH');
	const finished = await run([program, '-C', folder, ...args], {
		cwd: folder,
		environment: {
			PATH: process.env.PATH,
			HOME: folder,
			LC_ALL: 'C.UTF-8',
			GIT_CONFIG_NOSYSTEM: '1',
			GIT_CONFIG_GLOBAL: '/dev/null',
			GIT_AUTHOR_NAME: 'Ada Example',
			GIT_AUTHOR_EMAIL: 'ada@example.org',
			GIT_COMMITTER_NAME: 'Ada Example',
			GIT_COMMITTER_EMAIL: 'ada@example.org',
		},
		maxOutputBytes: 64 * 1024 * 1024,
	});
	if (finished.code === 0) return finished.stdout;
	throw new Error(`git ${args.join(' ')} ended with ${finished.code}: ${finished.stderr}`);
};
