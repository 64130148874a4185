import { execFileSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readlinkSync,
	rmSync,
	statfsSync,
	symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Every file of the work tree that git knows or would take, but bundles: no test of a module reads those. */
const listFiles = (root: string): readonly string[] =>
	execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
		cwd: root,
		encoding: 'utf8',
		maxBuffer: 64 * 1024 * 1024,
	})
		.split('\0')
		.filter((path) => path !== '' && !path.includes('/dist/') && existsSync(join(root, path)));

/**
 * Links what is installed. Links to workspaces are made again as they are, relative, so that packages of the copy import each
 * other and not those of the work tree: only there is what Stryker changes.
 */
const linkInstalled = (from: string, to: string): void => {
	mkdirSync(to, { recursive: true });
	for (const name of readdirSync(from)) {
		const [source, target] = [join(from, name), join(to, name)];
		if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), target);
		else if (name.startsWith('@')) linkInstalled(source, target);
		else symlinkSync(source, target);
	}
};

const fill = (root: string, copy: string): void => {
	for (const path of listFiles(root)) {
		mkdirSync(dirname(join(copy, path)), { recursive: true });
		cpSync(join(root, path), join(copy, path), { verbatimSymlinks: true });
	}
	linkInstalled(join(root, 'node_modules'), join(copy, 'node_modules'));
	for (const workspace of readdirSync(join(root, 'packages'))) {
		const own = join(root, 'packages', workspace, 'node_modules');
		if (existsSync(own)) linkInstalled(own, join(copy, 'packages', workspace, 'node_modules'));
	}
};

const MEMORY = '/dev/shm';
const NEEDED_BYTES = 2 * 1024 ** 3;

/** In memory where there is room: tests of a mutant sync thousands of small files. */
const findPlace = (): string => {
	if (!existsSync(MEMORY)) return tmpdir();
	const { bavail, bsize } = statfsSync(MEMORY);
	return bavail * bsize >= NEEDED_BYTES ? MEMORY : tmpdir();
};

/** Runs the task with a copy of the work tree, in which files may be changed, and removes the copy. */
export const withClone = async <Result>(
	root: string,
	task: (copy: string) => Promise<Result>,
): Promise<Result> => {
	const copy = mkdtempSync(join(findPlace(), 'slipway-mutation-'));
	try {
		fill(root, copy);
		return await task(copy);
	} finally {
		rmSync(copy, { recursive: true, force: true, maxRetries: 3 });
	}
};
