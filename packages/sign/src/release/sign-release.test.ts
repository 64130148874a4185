import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBytes, type Release, readRelease, readStageRecords } from '@slipway/archive';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { describeWith } from '@slipway/testing';
import { toKeySigner } from '../key/key-signer.ts';
import { openKeyless, toContext, toServices, verifyWithLibrary } from '../sigstore.fixture.ts';
import { openSigner } from '../statement-signer.ts';
import { addStage, listBundles, makeRelease, readAll, readStatement, toOptions } from './release.fixture.ts';
import { signRecords, signRelease } from './sign-release.ts';

let sigstore: LocalSigstore;
let root: string;
let release: Release;
beforeAll(async () => {
	sigstore = await startSigstore();
});
afterAll(() => sigstore.stop());
beforeEach(async () => {
	sigstore.faults.clear();
	root = await mkdtemp(join(tmpdir(), 'signing-'));
	release = await makeRelease(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const sign = (more: Parameters<typeof toOptions>[1] = {}, context = toContext()) =>
	signRelease(release, toOptions(sigstore, more), context);
const NPM = 'greet-1.0.0.tgz';
const DEB = 'greet-2_1.0.0-1_amd64.deb';
const PLATFORM = `${process.platform}-${process.arch}`;
const ALL = [
	'SHA256SUMS',
	`npm-${NPM}`,
	'provenance',
	`sbom-cyclonedx-${NPM}`,
	`sbom-cyclonedx-${DEB}`,
	`sbom-spdx-${NPM}`,
	`sbom-spdx-${DEB}`,
	`stage-build-${PLATFORM}`,
	`stage-sbom-${PLATFORM}`,
	`stage-sign-${PLATFORM}`,
].sort();
const digestOf = async (path: string) => hashBytes(await readFile(join(release.folder, path))).digest.sha256;

describe('a signed Release', () => {
	test('has a bundle for everything, each of which verifies', async () => {
		const report = await sign();
		expect(await listBundles(release)).toEqual(ALL);
		expect(report.signed.map(({ path }) => path).sort()).toEqual(
			ALL.map((name) => `attestations/${name}.sigstore.json`),
		);
		for (const name of ALL)
			verifyWithLibrary(
				sigstore,
				await readFile(join(release.folder, 'attestations', `${name}.sigstore.json`)),
			);
	});

	test('under one certificate', async () => {
		const since = sigstore.log.length;
		await sign();
		expect(sigstore.log.slice(since).filter(({ service }) => service === 'ca')).toHaveLength(1);
	});

	test('its record names what was taken in and given out, and is signed last', async () => {
		const { record = '' } = await sign();
		const stored = (await readStageRecords(release)).find(({ path }) => path === record);
		const names = (files: readonly { name: string }[] = []) => files.map(({ name }) => name);
		expect(names(stored?.record.inputs)).toEqual([
			NPM,
			DEB,
			'manifest.json',
			...[NPM, DEB].flatMap((name) => [`sbom/${name}.cdx.json`, `sbom/${name}.spdx.json`]).sort(),
			'SHA256SUMS',
		]);
		const before = ALL.filter((name) => !name.startsWith('stage-sign'));
		expect(names(stored?.record.outputs)).toEqual(before.map((name) => `attestations/${name}.sigstore.json`));
		for (const { name, digest } of stored?.record.outputs ?? [])
			expect(await digestOf(name)).toBe(digest.sha256);
		expect(names(stored?.record.follows)).toEqual([
			`records/build-${PLATFORM}.json`,
			`records/sbom-${PLATFORM}.json`,
		]);
		const statement = await readStatement(release, `stage-sign-${PLATFORM}`);
		expect(statement.predicate).toEqual(stored?.record);
		expect(statement.subject[0]).toEqual({ name: record, digest: { sha256: await digestOf(record) } });
	});

	test('its files have the time of the Release, and nothing is left beside it', async () => {
		await sign();
		const { mtimeMs } = await stat(join(release.folder, 'manifest.json'));
		for (const path of ['SHA256SUMS', 'attestations/provenance.sigstore.json'])
			expect((await stat(join(release.folder, path))).mtimeMs).toBe(mtimeMs);
		expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
		expect((await readdir(release.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
	});

	test('a Release that was built from another commit than the run is of is never signed', async () => {
		const asked = sigstore.log.length;
		const other = { ...release.manifest, source: { ...release.manifest.source, commit: 'e'.repeat(40) } };
		const signing = signRelease({ ...release, manifest: other }, toOptions(sigstore), toContext());
		await expect(signing).rejects.toMatchObject({ code: 'SIGN_SOURCE_DIFFERS' });
		expect(await listBundles(release)).toEqual([]);
		expect(sigstore.log.slice(asked).filter(({ method }) => method === 'POST')).toEqual([]);
	});

	test('without npm statements where they are not wanted, or where no GitHub job runs', async () => {
		await sign({ npm: false });
		expect(await listBundles(release)).not.toContain(`npm-${NPM}`);
		await sign({ platform: { kind: 'local' } });
		expect(await listBundles(release)).not.toContain(`npm-${NPM}`);
		await sign();
		expect(await listBundles(release)).toContain(`npm-${NPM}`);
	});

	test('a second build is a test result about every artifact', async () => {
		const { artifacts } = release.manifest;
		await addStage(release, 'reproduce', { inputs: artifacts, outputs: artifacts.slice(0, 1) });
		await sign();
		const { predicate, subject } = await readStatement(release, 'test-result-reproduce');
		expect(subject).toHaveLength(2);
		expect(predicate).toMatchObject({ result: 'FAILED', failedTests: [`byte-identical: ${DEB}`] });
	});
});

describeWith('sha256sum', 'SHA256SUMS', () => {
	test('is what sha256sum reads, over artifacts and SBOMs', async () => {
		await sign();
		const out = execFileSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], {
			cwd: release.folder,
			encoding: 'utf8',
		});
		expect(out.trim().split('\n')).toHaveLength(6);
	});
});

describe('run again', () => {
	test('it leaves every byte as it is and asks nobody', async () => {
		await sign();
		const before = await readAll(release.folder);
		const asked = sigstore.log.length;
		const report = await sign();
		expect(await readAll(release.folder)).toEqual(before);
		expect(sigstore.log).toHaveLength(asked);
		expect(report).toMatchObject({ signed: [], removed: [] });
		expect(report.kept.map(({ path }) => path).sort()).toEqual(
			ALL.map((name) => `attestations/${name}.sigstore.json`),
		);
	});

	const changes: readonly [string, (folder: string) => Promise<unknown>, string[]][] = [
		[
			'a bundle is gone',
			(folder) => rm(join(folder, 'attestations/provenance.sigstore.json')),
			['provenance'],
		],
		[
			'a bundle was edited',
			async (folder) => {
				const path = join(folder, `attestations/sbom-spdx-${NPM}.sigstore.json`);
				const json = JSON.parse(await readFile(path, 'utf8'));
				json.dsseEnvelope.payload = Buffer.from(
					Buffer.from(json.dsseEnvelope.payload, 'base64').toString().replace('1.0.0', '1.0.1'),
				).toString('base64');
				await writeFile(path, JSON.stringify(json));
			},
			[`sbom-spdx-${NPM}`],
		],
		[
			'a bundle is no JSON',
			(folder) => writeFile(join(folder, 'attestations/SHA256SUMS.sigstore.json'), '{'),
			['SHA256SUMS'],
		],
		[
			'two bundles were swapped',
			async (folder) => {
				const [a, b] = [NPM, DEB].map((name) =>
					join(folder, `attestations/sbom-cyclonedx-${name}.sigstore.json`),
				) as [string, string];
				const bytes = await readFile(a);
				await writeFile(a, await readFile(b));
				await writeFile(b, bytes);
			},
			[`sbom-cyclonedx-${NPM}`, `sbom-cyclonedx-${DEB}`],
		],
		[
			'an SBOM has changed',
			(folder) => writeFile(join(folder, `sbom/${NPM}.cdx.json`), '{"new":true}'),
			[`sbom-cyclonedx-${NPM}`, 'SHA256SUMS'],
		],
	];

	test.each(changes)('%s: only that is signed, and the record that named it', async (_, change, names) => {
		await sign();
		await change(release.folder);
		const { signed } = await sign();
		expect(signed.map(({ path }) => path).sort()).toEqual(
			[...names, `stage-sign-${PLATFORM}`].map((name) => `attestations/${name}.sigstore.json`).sort(),
		);
		expect((await sign()).signed).toEqual([]);
	});

	test('an earlier stage that ran again takes its old bundle with it', async () => {
		await addStage(release, 'test');
		await sign();
		await rm(join(release.folder, `records/test-${PLATFORM}.json`));
		const { removed, signed } = await sign();
		expect(removed).toEqual([`attestations/stage-test-${PLATFORM}.sigstore.json`]);
		expect(signed.map(({ path }) => path)).toEqual([`attestations/stage-sign-${PLATFORM}.sigstore.json`]);
	});

	test('records of later stages and their bundles stay while nothing has changed, and go when something has', async () => {
		await sign();
		await addStage(release, 'gate');
		const gate = await signRecords(release, toOptions(sigstore));
		expect(gate.signed.map(({ path }) => path)).toEqual([
			`attestations/stage-gate-${PLATFORM}.sigstore.json`,
		]);
		expect(await sign()).toMatchObject({ signed: [], removed: [] });
		await writeFile(join(release.folder, `sbom/${NPM}.cdx.json`), '{"new":true}');
		expect((await sign()).removed).toContain(`attestations/stage-gate-${PLATFORM}.sigstore.json`);
	});

	test('a summary and a revocation notice are left alone, anything else of unknown reason goes', async () => {
		await sign();
		for (const name of ['vsa', 'vsa-2', 'revocation-1', 'sbom-spdx-gone'])
			await writeFile(join(release.folder, `attestations/${name}.sigstore.json`), '{}');
		expect((await sign()).removed).toEqual(['attestations/sbom-spdx-gone.sigstore.json']);
		expect(await listBundles(release)).toEqual([...ALL, 'revocation-1', 'vsa', 'vsa-2'].sort());
	});

	test('a later attempt of the run keeps the provenance of the first', async () => {
		await sign();
		const options = toOptions(sigstore);
		const platform = { ...options.platform, runAttempt: '2' } as typeof options.platform;
		expect((await sign({ platform })).signed).toEqual([]);
		const moved = { ...options.platform, ref: 'refs/heads/other' } as typeof options.platform;
		expect((await sign({ platform: moved })).signed.map(({ path }) => path)).toContain(
			'attestations/provenance.sigstore.json',
		);
	});

	test('what somebody else signed is signed anew', async () => {
		const key = toKeySigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
		const services = toServices(sigstore, 'tsa');
		const withKey = {
			openSigner: () => openSigner({ services, key, context: toContext() }),
			expected: { kind: 'key', hint: key.hint, publicKey: key.publicKey },
		} as const;
		await sign();
		expect((await sign(withKey)).signed).toHaveLength(ALL.length);
		expect((await sign(withKey)).signed).toEqual([]);
		expect((await sign()).signed).toHaveLength(ALL.length);
		const identity = 'https://github.com/example/other/.github/workflows/release.yml@refs/tags/v1';
		const other = { expected: { kind: 'certificate', identity } } as const;
		expect((await sign(other)).signed).toHaveLength(ALL.length);
	});
});

describe('a Release that was changed after it was signed is not signed anew', () => {
	const edit = async (path: string, from: string, to: string): Promise<void> => {
		const file = join(release.folder, path);
		const text = await readFile(file, 'utf8');
		expect(text).toContain(from);
		await writeFile(file, text.replaceAll(from, to));
		release = await readRelease(release.folder);
	};
	const swapArtifact = async (): Promise<void> => {
		const [{ digest, size, path } = never(), ...others] = release.manifest.artifacts;
		const bytes = Buffer.from('b'.repeat(size));
		await writeFile(join(release.folder, path), bytes);
		const found = hashBytes(bytes).digest;
		expect(others).toHaveLength(1);
		await edit('manifest.json', digest.sha256, found.sha256);
		await edit('manifest.json', digest.sha512 ?? '', found.sha512 ?? '');
	};
	const never = (): never => {
		throw new Error('expected an artifact');
	};
	const build = `records/build-${PLATFORM}.json`;

	const changes: readonly [string, () => Promise<unknown>, string][] = [
		['an artifact and its manifest', swapArtifact, NPM],
		['an artifact of another name', () => edit('manifest.json', `"${DEB}"`, '"other.deb"'), DEB],
		[
			'an artifact, its manifest and the record of its build, most bundles gone',
			async () => {
				const [old = never()] = release.manifest.artifacts;
				await swapArtifact();
				const [now = never()] = release.manifest.artifacts;
				await edit(build, old.digest.sha256, now.digest.sha256);
				for (const name of ALL.filter((each) => !each.startsWith('npm-')))
					await rm(join(release.folder, `attestations/${name}.sigstore.json`));
			},
			'pkg:npm/greet@1.0.0',
		],
		['the record of the build', () => edit(build, '"notes":[]', '"notes":["all is well"]'), build],
		['the record of the build, gone', () => rm(join(release.folder, build)), build],
		[
			'the source in the manifest',
			() => edit('manifest.json', '"repo":null', '"repo":"https://example.org/other"'),
			'manifest.json',
		],
	];

	test.each(changes)('%s', async (_, change, name) => {
		await sign();
		await change();
		const before = await readAll(release.folder);
		const asked = sigstore.log.length;
		await expect(sign()).rejects.toMatchObject({
			code: 'SIGN_RELEASE_CHANGED',
			message: expect.stringContaining(name),
			hint: expect.stringContaining('slipway build'),
		});
		expect(sigstore.log).toHaveLength(asked);
		expect(await readAll(release.folder)).toEqual(before);
	});

	test('an SBOM that is not the one its record names', async () => {
		const name = `sbom/${NPM}.cdx.json`;
		await addStage(release, 'sbom', { outputs: [{ name, digest: { sha256: await digestOf(name) } }] });
		await sign();
		await writeFile(join(release.folder, name), '{"new":true}');
		await expect(sign()).rejects.toMatchObject({
			code: 'SIGN_RELEASE_CHANGED',
			hint: expect.stringContaining('slipway sbom'),
		});
		await addStage(release, 'sbom', { outputs: [{ name, digest: { sha256: await digestOf(name) } }] });
		expect((await sign()).signed.map(({ path }) => path)).toContain(
			`attestations/sbom-cyclonedx-${NPM}.sigstore.json`,
		);
	});

	test('records of earlier stages are not signed again where later ones are signed', async () => {
		await addStage(release, 'test');
		await sign();
		const bundles = [`test-${PLATFORM}`, `sign-${PLATFORM}`].map(
			(name) => `attestations/stage-${name}.sigstore.json`,
		);
		const [first = '', second = ''] = bundles;
		await rm(join(release.folder, first));
		await edit(`records/sign-${PLATFORM}.json`, '"notes":[', '"notes":["by somebody else",');
		const before = await readFile(join(release.folder, second), 'utf8');
		await rm(join(release.folder, build));
		await addStage(release, 'gate');
		const { signed, removed } = await signRecords(release, toOptions(sigstore));
		expect(signed.map(({ path }) => path)).toEqual([`attestations/stage-gate-${PLATFORM}.sigstore.json`]);
		expect(removed).toEqual([]);
		expect(await readFile(join(release.folder, second), 'utf8')).toBe(before);
		expect(await listBundles(release)).not.toContain(`stage-test-${PLATFORM}`);
	});
});

describe('what goes wrong leaves nothing half signed', () => {
	test.each([0, 3, 8])('the log fails after %i entries: no bundle, no record', async (after) => {
		sigstore.faults.inject({ service: 'rekor', fault: { kind: 'status', status: 400 }, after });
		await expect(sign()).rejects.toMatchObject({ code: 'SIGN_LOG_REFUSED' });
		expect(await listBundles(release)).toEqual([]);
		expect((await readStageRecords(release)).map(({ record }) => record.stage)).toEqual(['build', 'sbom']);
		expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
		sigstore.faults.clear();
		expect((await sign()).signed).toHaveLength(ALL.length);
	});

	test('the log fails at the record of signing itself: the next run signs that one alone', async () => {
		sigstore.faults.inject({
			service: 'rekor',
			fault: { kind: 'status', status: 400 },
			after: ALL.length - 1,
		});
		await expect(sign()).rejects.toMatchObject({ code: 'SIGN_LOG_REFUSED' });
		sigstore.faults.clear();
		const { signed } = await sign();
		expect(signed.map(({ path }) => path)).toEqual([`attestations/stage-sign-${PLATFORM}.sigstore.json`]);
	});

	test('an artifact that changed since it was built', async () => {
		await writeFile(join(release.folder, `artifacts/${DEB}`), 'other bytes');
		await expect(sign()).rejects.toMatchObject({ code: 'RELEASE_ARTIFACT_CHANGED' });
		expect(await listBundles(release)).toEqual([]);
	});

	test('an SBOM that is a link, or no JSON object', async () => {
		await symlink('../manifest.json', join(release.folder, 'sbom/link.json'));
		await expect(sign()).rejects.toMatchObject({
			code: 'SIGN_RELEASE_UNSAFE',
			message: expect.stringContaining('link.json'),
		});
		await rm(join(release.folder, 'sbom/link.json'));
		await writeFile(join(release.folder, `sbom/${DEB}.spdx.json`), '[]');
		await expect(sign()).rejects.toMatchObject({ code: 'SIGN_RELEASE_UNSAFE' });
	});

	test('an upload that is refused: the bundles are not there, so that the next run uploads them', async () => {
		let left = 4;
		const uploaded: Uint8Array[] = [];
		const upload = async (bundle: Uint8Array) => {
			if (left-- === 0) throw new Error('no room');
			uploaded.push(bundle);
		};
		await expect(sign({ upload })).rejects.toThrow('no room');
		expect(await listBundles(release)).toEqual([]);
		left = -1;
		uploaded.length = 0;
		await sign({ upload });
		expect(uploaded).toHaveLength(ALL.length);
	});
});

test('many artifacts: a statement for each SBOM, with few in memory', async () => {
	const many = await makeRelease(await mkdtemp(join(root, 'many-')), { artifacts: 40 });
	const signer = await openKeyless(sigstore);
	await signRelease(many, { ...toOptions(sigstore), openSigner: async () => signer }, toContext());
	expect(await listBundles(many)).toHaveLength(40 * 2 + 3 + 3);
	expect((await readStatement(many, 'provenance')).subject).toHaveLength(40);
});
