import type { Publisher } from '@slipway/core';
import { type SampleDeb, toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { type AptWorld, plan, release, uploadAll, withAptWorld } from './apt-world.fixture.ts';

type Refusal = readonly [
	name: string,
	prepare: (world: AptWorld) => Promise<Publisher>,
	samples: readonly SampleDeb[],
	code: string,
	line: string | undefined,
];

const plain = (world: AptWorld) => world.publisher();
const after =
	(...samples: readonly SampleDeb[]) =>
	async (world: AptWorld): Promise<Publisher> => {
		await release(world, await world.publisher(), samples);
		return world.publisher();
	};

const refusals: readonly Refusal[] = [
	[
		'a pre-release without a suite for it',
		plain,
		[toSampleDeb('greet', '1.0.0~rc.1-1')],
		'APT_PRERELEASE_REFUSED',
		undefined,
	],
	[
		'a version below the current one',
		after(toSampleDeb('greet', '2.0.0-1')),
		[toSampleDeb('greet', '1.9.0-1')],
		'APT_VERSION_LOWER',
		undefined,
	],
	[
		'a version that exists with other bytes',
		after(toSampleDeb('greet', '1.0.0-1')),
		[toSampleDeb('greet', '1.0.0-1', { content: 'other' })],
		'APT_VERSION_TAKEN',
		undefined,
	],
	[
		'an architecture without an index',
		plain,
		[toSampleDeb('greet', '1', { architecture: 's390x' })],
		'APT_ARCHITECTURE_UNKNOWN',
		undefined,
	],
	[
		'two versions of one package',
		plain,
		[toSampleDeb('greet', '1.0-1'), toSampleDeb('greet', '1.1-1')],
		'APT_ARTIFACT_INVALID',
		undefined,
	],
	['a line that is no suite', plain, [toSampleDeb('greet', '1.0-1')], 'APT_LINE_INVALID', '../evil'],
	['a line that is the default suite', plain, [toSampleDeb('greet', '1.0-1')], 'APT_LINE_INVALID', 'stable'],
	[
		'no signing key',
		(world) => world.publisher({ signingKey: null }),
		[toSampleDeb('greet', '1.0-1')],
		'APT_KEY_MISSING',
		undefined,
	],
];

describe('preflight', () => {
	test.each(refusals)('refuses %s', (_name, prepare, samples, code, line) =>
		withAptWorld(async (world) => {
			const publisher = await prepare(world);
			const artifacts = samples.map(({ artifact }) => artifact);
			const { findings } = await publisher.preflight(
				{ operation: 'release', artifacts, line },
				world.context,
			);
			expect(findings.filter(({ severity }) => severity === 'error').map((finding) => finding.code)).toEqual([
				code,
			]);
		}),
	);

	test('a release that is there already, byte for byte, is no error', () =>
		withAptWorld(async (world) => {
			const publisher = await after(toSampleDeb('greet', '1.0.0-1'))(world);
			const subjects = await plan(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			expect(subjects[0]?.pointer.previous).toBe(subjects[0]?.pointer.next);
			expect(await publisher.expose(subjects, world.change)).toMatchObject([{ outcome: 'already' }]);
		}));

	test.each([
		['abort', []],
		['status', []],
		['rollback', ['APT_KEY_MISSING']],
		['restore', ['APT_KEY_MISSING']],
	] as const)('without a signing key, %s has the errors %j', (operation, codes) =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher();
			const subjects = await plan(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			await uploadAll(world, publisher, subjects);
			const keyless = await world.publisher({ signingKey: null, trustedKeys: [world.key.publicKey] });
			const { findings } = await keyless.preflight({ operation, subjects }, world.context);
			const errors = findings.filter(({ severity }) => severity === 'error');
			expect(errors.map(({ code }) => code)).toEqual(codes);
			if (operation !== 'abort') return;
			expect(await keyless.withdraw(subjects, 'hidden', { ...world.change, reason: 'test' })).toMatchObject([
				{ outcome: 'withdrawn' },
			]);
			expect(await world.store.list('pool')).toEqual([]);
		}),
	);

	test('a server that is not there is a warning: a first release may come before it', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({}, { url: 'http://127.0.0.1:9/apt' });
			const { artifact } = toSampleDeb('greet', '1.0-1');
			const { findings } = await publisher.preflight(
				{ operation: 'release', artifacts: [artifact] },
				world.context,
			);
			expect(findings).toMatchObject([{ severity: 'warning', code: 'APT_SERVER_UNREACHABLE' }]);
		}));
});

describe('upload', () => {
	test('refuses bytes that are not the manifest’s, and a .deb that is another package', () =>
		withAptWorld(async (world) => {
			const { artifact } = toSampleDeb('greet', '1.0.0-1');
			const other = toSampleDeb('tally', '1.0.0-1');
			const [subject] = await plan(world, await world.publisher(), [toSampleDeb('greet', '1.0.0-1')]);
			const upload = async (bytes: Uint8Array, wanted = artifact) => {
				const publisher = await world.publisher({ readArtifact: async () => bytes });
				if (subject) await publisher.upload(wanted, subject, world.change);
			};
			await expect(upload(other.bytes)).rejects.toMatchObject({ code: 'APT_ARTIFACT_CHANGED' });
			await expect(upload(other.bytes, { ...other.artifact, purl: artifact.purl })).rejects.toMatchObject({
				code: 'APT_ARTIFACT_INVALID',
			});
			expect(await world.store.list('pool')).toEqual([]);
		}));

	test.each([
		['a second stanza', '\nPackage: evil\nVersion: 9\n'],
		['a line that some readers take for the end of a stanza', ' \nPackage: evil\n'],
		['a field that only the index may have', 'Filename: https://evil.example/x.deb\n'],
		['a checksum of its own', 'SHA256: 00\n'],
		['a field twice', 'version: 9\n'],
		['a field of a megabyte', `Tag: ${'a'.repeat(1_000_000)}\n`],
	])('refuses a control file with %s (H11)', (_name, controlEnd) =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher();
			const sample = toSampleDeb('greet', '1.0.0-1', { controlEnd });
			const subjects = await plan(world, publisher, [sample]);
			await expect(uploadAll(world, publisher, subjects)).rejects.toMatchObject({
				code: expect.stringMatching(/^DEB_(CONTROL|STANZA)_INVALID|DEB_TOO_LARGE$/),
			});
			expect(await world.store.list('pool')).toEqual([]);
		}),
	);
});
