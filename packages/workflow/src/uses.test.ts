import { parseUses, toPin } from './uses.ts';

const COMMIT = 'a'.repeat(40);

test.each([
	['$/actions/sign', { kind: 'own', path: 'actions/sign' }],
	['./.github/workflows/a.yml', { kind: 'own', path: '.github/workflows/a.yml' }],
	['docker://alpine:3', { kind: 'image', image: 'alpine:3' }],
	['o/r@v1', { kind: 'remote', repository: 'o/r', path: '', ref: 'v1' }],
	[`o/r/a/b.yml@${COMMIT}`, { kind: 'remote', repository: 'o/r', path: 'a/b.yml', ref: COMMIT }],
	['o/r/a@refs/heads/x@y', { kind: 'remote', repository: 'o/r', path: 'a', ref: 'refs/heads/x@y' }],
	['o/r', { kind: 'remote', repository: 'o/r', path: '' }],
	['', { kind: 'remote', repository: '/', path: '' }],
])('%s', (text, expected) => {
	expect(parseUses(text)).toEqual(expected);
});

test.each([
	[undefined, 'none'],
	['', 'none'],
	[COMMIT, 'commit'],
	['a'.repeat(64), 'commit'],
	['a'.repeat(39), 'branch'],
	['A'.repeat(40), 'branch'],
	['v1', 'tag'],
	['v1.2.0', 'tag'],
	['1.2.0-rc.1', 'tag'],
	['refs/tags/next', 'tag'],
	['main', 'branch'],
	['refs/heads/v1', 'branch'],
	['release/v1', 'branch'],
])('%s is pinned by %s', (ref, pin) => {
	expect(toPin(ref)).toBe(pin);
});
