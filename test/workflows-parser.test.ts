// What GitHub itself says of every workflow and action: in a process of its own, which jest's loader cannot be.
import { spawnSync } from 'node:child_process';
import { ROOT } from './source-tree.ts';

test("GitHub's parser has nothing to say of any file that is shipped or written for users", () => {
	const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/lint-workflows.ts', 'parser'], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	expect(stderr).toBe('');
	expect(stdout).toMatch(/^GitHub's parser: [1-9]\d+ passed, 0 failed, 0 skipped$/m);
	expect(status).toBe(0);
});
