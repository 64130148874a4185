import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toMetadata } from './metadata.ts';
import { type PackageJson, readPackageJson } from './package-json.ts';

const packageJson: PackageJson = {
	description: 'A command that says hello.',
	homepage: 'https://example.org/greet#readme',
	license: 'MIT OR Apache-2.0',
	author: { name: 'Ada Lovelace', email: 'ada@example.org' },
};

test('package.json speaks where slipway.yml is silent', () => {
	expect(toMetadata({ name: 'greet' }, packageJson)).toEqual({
		summary: 'command that says hello',
		description: 'A command that says hello.\n\nThis package is made and released by the project itself.',
		maintainer: 'Ada Lovelace <ada@example.org>',
		homepage: 'https://example.org/greet#readme',
		license: 'MIT OR Apache-2.0',
		author: 'Ada Lovelace',
	});
});

const agreeing: readonly [name: string, definition: Parameters<typeof toMetadata>[0]][] = [
	['the same page without #readme', { name: 'greet', homepage: 'https://example.org/greet/' }],
	['one of the licences', { name: 'greet', license: 'MIT' }],
	['another maintainer', { name: 'greet', maintainer: 'Packagers <deb@example.org>' }],
	['the same maintainer', { name: 'greet', maintainer: 'Ada Lovelace <ada@example.org>' }],
	['another summary', { name: 'greet-doc', summary: 'documentation of greet' }],
];
test.each(agreeing)('is no conflict: %s', (_name, definition) => {
	const { name, ...said } = definition;
	expect(toMetadata(definition, packageJson)).toMatchObject(said);
});

const conflicts: readonly [field: string, definition: Parameters<typeof toMetadata>[0], both: RegExp][] = [
	['license', { name: 'greet', license: 'ISC' }, /"ISC".*"MIT OR Apache-2.0"/],
	['homepage', { name: 'greet', homepage: 'https://example.com/' }, /example\.com.*example\.org/],
	['address', { name: 'greet', maintainer: 'Ada Lovelace <a@example.net>' }, /a@example\.net.*ada@example/],
	['name', { name: 'greet', maintainer: 'A. L. <ada@example.org>' }, /A\. L\..*Ada Lovelace/],
];
test.each(conflicts)('a conflict of %s shows both', (_name, definition, both) => {
	expect(() => toMetadata(definition, packageJson)).toThrow(
		expect.objectContaining({ code: 'DEB_METADATA_CONFLICT', message: expect.stringMatching(both) }),
	);
});

test('says of all that is missing where to put it', () => {
	expect(() => toMetadata({ name: 'greet' }, {})).toThrow(
		expect.objectContaining({
			code: 'DEB_METADATA_MISSING',
			message: expect.stringMatching(/summary .* and maintainer .* and license /),
			hint: expect.stringContaining('"name: greet" of slipway.yml'),
		}),
	);
	expect(() => toMetadata({ name: 'greet' }, { ...packageJson, description: 'x'.repeat(81) })).toThrow(
		expect.objectContaining({ message: expect.stringMatching(/expected summary [^\n]*, found none/) }),
	);
	expect(() => toMetadata({ name: 'greet' }, { ...packageJson, author: { name: 'Ada' } })).toThrow(
		expect.objectContaining({ message: expect.stringMatching(/expected maintainer /) }),
	);
});

describe('readPackageJson', () => {
	let folder: string;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'slipway-metadata-'));
	});
	afterEach(() => rm(folder, { recursive: true, force: true }));

	test('without package.json there is nothing to read', async () => {
		expect(await readPackageJson(folder)).toEqual({});
	});

	test.each([
		['"Ada <ada@example.org> (https://example.org)"', { name: 'Ada', email: 'ada@example.org' }],
		['"Ada"', { name: 'Ada', email: undefined }],
		['{"name":"Ada","url":"x"}', { name: 'Ada' }],
	])('reads author %s', async (author, expected) => {
		await writeFile(join(folder, 'package.json'), `{"name":"x","author":${author}}`);
		expect((await readPackageJson(folder)).author).toEqual(expected);
	});

	test.each([
		['{"license":{"type":"MIT"}}', 'DEB_METADATA_MISSING'],
		['{', 'JSON_INVALID'],
	])('refuses %s', async (text, code) => {
		await writeFile(join(folder, 'package.json'), text);
		await expect(readPackageJson(folder)).rejects.toThrow(expect.objectContaining({ code }));
	});
});
