import { createHash } from 'node:crypto';
import { type GeneratedKey, generateSigningKey, readSigningKey } from './signing-key.ts';
import { surveySuite } from './survey-suite.ts';

let key: GeneratedKey;
beforeAll(async () => {
	key = await generateSigningKey({ name: 'Ada', email: 'ada@example.org', days: 400 });
});

const INDEX = Buffer.from('Package: greet\n');
const SHA256 = createHash('sha256').update(INDEX).digest('hex');
const HEAD =
	'Origin: Example\nLabel: Example\nSuite: stable\nCodename: stable\nDate: Sat, 01 Nov 2025 00:00:00 UTC\n';
const KINDS = 'Architectures: amd64\nComponents: main\n';

const toList = (...paths: readonly string[]): string =>
	`SHA256:\n${paths.map((path) => ` ${SHA256} ${INDEX.length} ${path}\n`).join('')}`;

const survey = async (text: string, present: readonly string[] = [], signer = key.fingerprint) => {
	const inRelease = await (await readSigningKey(key.privateKey)).clearSign(text, Date.now());
	const files = new Map<string, Uint8Array>(present.map((path) => [`dists/stable/${path}`, INDEX]));
	files.set('dists/stable/InRelease', Buffer.from(inRelease));
	return surveySuite(
		{ get: async (path) => files.get(path) ?? null },
		{ suite: 'stable', keys: [key.publicKey], signer, now: Date.now(), signal: new AbortController().signal },
	);
};

const GZIP = toList('main/binary-amd64/Packages', 'main/binary-amd64/Packages.gz');

test.each<[string, string, string]>([
	[
		'sums by MD5 and SHA-1 only',
		`${HEAD}${KINDS}MD5Sum:\n ${'0'.repeat(32)} 1 x\nSHA1:\n ${'0'.repeat(40)} 1 x\n`,
		'APT_HASHES_WEAK',
	],
	['a flat repository', `${HEAD}${toList('Packages')}`, 'APT_LAYOUT_FLAT'],
	[
		'an index as .xz alone',
		`${HEAD}${KINDS}${toList('main/binary-amd64/Packages', 'main/binary-amd64/Packages.xz')}`,
		'APT_INDEX_COMPRESSION',
	],
	['another signer pinned', `${HEAD}${KINDS}Signed-By: ${'A'.repeat(40)}\n${GZIP}`, 'APT_SIGNER_PINNED'],
	['no date', `${HEAD.replace(/Date: .*\n/, '')}${KINDS}${GZIP}`, 'APT_RELEASE_INVALID'],
])('%s is refused by name', async (_name, text, code) => {
	await expect(survey(text)).rejects.toMatchObject({ name: 'SlipwayError', code });
});

test('an index that is there plain is enough, and so is our key among the pinned ones', async () => {
	const plain = `${HEAD}${KINDS}${toList('main/binary-amd64/Packages')}`;
	expect((await survey(plain, ['main/binary-amd64/Packages'])).findings).toEqual([]);
	const pinned = `${HEAD}${KINDS}Signed-By: ${'A'.repeat(40)}, ${key.fingerprint}!\n${GZIP}`;
	expect((await survey(pinned)).release.components).toEqual(['main']);
});

test('no suite there, and one signed by somebody else', async () => {
	const request = {
		suite: 'stable',
		signer: key.fingerprint,
		now: Date.now(),
		signal: new AbortController().signal,
	};
	const nothing = { get: async () => null };
	await expect(surveySuite(nothing, { ...request, keys: [] })).rejects.toMatchObject({
		code: 'APT_SUITE_UNKNOWN',
	});
	const other = await generateSigningKey({ name: 'Eve', email: 'eve@example.org', days: 9 });
	const bytes = Buffer.from(await (await readSigningKey(other.privateKey)).clearSign(HEAD, Date.now()));
	await expect(
		surveySuite({ get: async () => bytes }, { ...request, keys: [key.publicKey] }),
	).rejects.toMatchObject({ code: 'APT_REPOSITORY_OTHER_KEY' });
});

test('what Slipway leaves alone is said', async () => {
	const more = [
		'main/source/Sources.gz',
		'main/Contents-amd64.gz',
		'main/i18n/Translation-en.bz2',
		'main/dep11/icons.tar.gz',
	];
	const text = `${HEAD}${KINDS}${toList('main/binary-amd64/Packages', 'main/binary-amd64/Packages.gz', ...more)}`;
	const { findings } = await survey(text);
	expect(
		findings.map(({ code, severity, message }) => [code, severity, /of (.*) stay/.exec(message)?.[1]]),
	).toEqual(
		['source packages', 'Contents indexes', 'translations', 'AppStream data'].map((what) => [
			'APT_LEFT_ALONE',
			'warning',
			what,
		]),
	);
});
