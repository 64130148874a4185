import type { Store } from '../store.ts';
import { NOBODY } from './git-store.fixture.ts';
import { gitStore } from './git-store.ts';

/** Nothing is there: whoever is refused by name asks nobody. */
const open = (branch = 'slipway'): Store =>
	gitStore({ remote: '/nonexistent/remote.git', branch, environment: NOBODY });

test.each(['', '-x', 'a..b', 'a b', 'a:b', 'refs/*', 'a.lock', '/a', 'a/', '+a', 'a^'])(
	'%j is no name of a branch',
	(branch) => {
		expect(() => open(branch)).toThrow(expect.objectContaining({ code: 'STORE_PATH_INVALID' }));
	},
);

test.each(['.git/config', 'a/.GIT/hooks/x', '.git', 'git~1/x', '.git ./x'])('%s is no path', async (path) => {
	const write = open().write([{ kind: 'create', path, bytes: Buffer.from('x') }]);
	await expect(write).rejects.toMatchObject({ code: 'STORE_PATH_INVALID' });
});
