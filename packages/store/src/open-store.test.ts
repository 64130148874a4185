import { openStore } from './open-store.ts';

const access = { environment: { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' } };

test.each([
	[{ directory: 'apt' }, 'folder /base/apt'],
	[{ bucket: 'packages' }, 'bucket packages'],
	[{ branch: 'journal', remote: '/elsewhere/repository', folder: 'apt' }, /journal/],
])('%j is opened as what it is, and nothing is asked before the first use', (location, description) => {
	const store = openStore(location, '/base', access);
	expect(store.description).toMatch(description);
	expect(store.verifyConditions !== undefined).toBe('bucket' in location);
});
