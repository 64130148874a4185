import { MANIFEST_MEDIA_TYPE, type Manifest, parseManifest, toManifestText } from './manifest.ts';

const artifact = (name: string) => ({
	name,
	path: `artifacts/${name}`,
	mediaType: 'application/octet-stream',
	size: 3,
	digest: { sha256: 'a'.repeat(64), sha512: 'b'.repeat(128) },
	purl: `pkg:generic/${name}@1.0.0`,
});
const MANIFEST: Manifest = {
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'greet',
	version: '1.0.0',
	source: { repo: 'https://example.invalid/a.git', commit: 'c'.repeat(40), ref: 'refs/tags/v1.0.0' },
	artifacts: [artifact('a.tgz'), artifact('b.deb')],
};
const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });
const [first] = MANIFEST.artifacts;

test('what is written is read again, and equal manifests have equal bytes', () => {
	const text = toManifestText(MANIFEST);
	expect(parseManifest(text)).toEqual(MANIFEST);
	const reordered = Object.fromEntries(Object.entries(MANIFEST).reverse()) as unknown as Manifest;
	expect(toManifestText(reordered)).toBe(text);
	expect(text.endsWith('}\n')).toBe(true);
});

test.each([
	['no artifacts', { artifacts: [] }],
	['an unknown field', { extra: 1 }],
	['a version with build metadata (H10)', { version: '1.0.0+a' }],
	['a project that climbs', { project: '../x' }],
	['a short commit', { source: { repo: null, commit: 'abc', ref: null } }],
	['an artifact path that climbs', { artifacts: [{ ...first, path: 'artifacts/../../x' }] }],
	['an absolute artifact path', { artifacts: [{ ...first, path: '/etc/passwd' }] }],
	['an artifact name with a slash', { artifacts: [{ ...first, name: 'a/b' }] }],
	['an artifact name like an option', { artifacts: [{ ...first, name: '-rf' }] }],
	['a negative size', { artifacts: [{ ...first, size: -1 }] }],
	['a size that is no integer', { artifacts: [{ ...first, size: 1.5 }] }],
	['no digest', { artifacts: [{ ...first, digest: {} }] }],
	['one name twice', { artifacts: [first, { ...first, path: 'artifacts/other' }] }],
	['one name twice in other case', { artifacts: [first, { ...artifact('A.TGZ') }] }],
	['one path twice', { artifacts: [first, { ...first, name: 'other' }] }],
])('refuses %s', (_name, change) => {
	expect(() => parseManifest(JSON.stringify({ ...MANIFEST, ...change }))).toThrow(code('MANIFEST_INVALID'));
});

test('reports all bad fields at once', () => {
	const bad = { ...MANIFEST, project: 'A', version: 'v1', artifacts: [{ ...first, size: -1, purl: 'x' }] };
	expect(() => parseManifest(JSON.stringify(bad))).toThrow(
		/project: .*\n {2}version: .*\n {2}artifacts\.0\.size: .*\n {2}artifacts\.0\.purl: /,
	);
});

test.each([
	['application/vnd.slipway.manifest.v2+json', 'MANIFEST_VERSION_UNKNOWN'],
	['text/plain', 'MANIFEST_VERSION_UNKNOWN'],
	[5, 'MANIFEST_INVALID'],
])('media type %j: %s', (mediaType, expected) => {
	expect(() => parseManifest(JSON.stringify({ ...MANIFEST, mediaType }))).toThrow(code(expected));
});

test('what is no safe JSON is refused before it is looked at', () => {
	expect(() => parseManifest('{"a":1,"a":2}')).toThrow(code('JSON_UNSAFE'));
	expect(() => parseManifest('[')).toThrow(code('JSON_INVALID'));
	expect(() => parseManifest('[]')).toThrow(code('MANIFEST_INVALID'));
});
