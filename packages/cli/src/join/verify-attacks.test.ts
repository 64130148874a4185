import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashBytes, hashFile, type Release, readRelease, writeStage } from '@slipway/archive';
import type { Context } from '@slipway/core';
import { PREDICATE_TYPES, type StatementSubject, toStatement } from '@slipway/core/attestation';
import { signBundles, signRecords, toRevocationStatement } from '@slipway/sign';
import { verifyFile, verifyReleaseFolder } from '@slipway/verify';
import { makeSignedRelease, type Signing, signWithKey } from './signed-release.fixture.ts';

let root: string;
let context: Context;
let signing: Signing;
let release: Release;
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'revoked-'));
	context = {
		log: { debug: () => {}, info: () => {}, warning: () => {} },
		clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
		tempDir: root,
		signal: new AbortController().signal,
	};
	signing = await signWithKey(context);
	release = await makeSignedRelease(join(root, 'release'), signing, { version: '1.0.0', context });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const NOTICE = 'attestations/revocation-1.sigstore.json';
afterEach(() => rm(join(release.folder, NOTICE), { force: true }));

const verify = (subject = release) => {
	const { trust, policy } = signing;
	return verifyReleaseFolder(subject, { trust, policy, clock: context.clock });
};

const leave = async (subject: StatementSubject, predicate?: object): Promise<void> => {
	const revocation = {
		date: new Date(context.clock.now() - 1000).toISOString(),
		reason: 'it was built from a stolen branch',
		keys: [],
		builders: [],
		subjects: true,
	};
	const { name = '', digest } = subject;
	const file = { name, digest: { sha256: digest.sha256 ?? '' } };
	const statement = predicate
		? toStatement(PREDICATE_TYPES.revocation, [subject], predicate)
		: toRevocationStatement([file], revocation);
	await signBundles(release, [{ path: NOTICE, toStatement: async () => statement }], signing.means);
};

const OTHER = { name: 'greet-0.9.0.tgz', digest: { sha256: 'ab'.repeat(32) } };

describe('a notice that lies in a Release', () => {
	test('about one of its artifacts: refused', async () => {
		const [artifact] = release.manifest.artifacts;
		await leave({ name: artifact?.name, digest: { sha256: artifact?.digest.sha256 ?? '' } });
		await expect(verify()).rejects.toMatchObject({
			code: 'VERIFY_CHAIN_REFUSED',
			message: expect.stringContaining('it was built from a stolen branch'),
		});
	});

	test('about the file of another release: it is one more attestation', async () => {
		await leave(OTHER);
		expect((await verify()).attestations.map(({ path }) => path)).toContain(NOTICE);
	});

	test('that says nothing that can be obeyed: refused', async () => {
		await leave(OTHER, { date: 'soon' });
		await expect(verify()).rejects.toMatchObject({
			code: 'VERIFY_CHAIN_REFUSED',
			message: expect.stringContaining(NOTICE),
		});
	});
});

test('a manifest that is exchanged after it was read is not verified in its place', async () => {
	const path = join(release.folder, 'manifest.json');
	const text = await readFile(path, 'utf8');
	await writeFile(path, text.replace('"project":"greet"', '"project":"greed"'));
	const read = await readRelease(release.folder);
	await writeFile(path, text);
	expect(read.manifest.project).toBe('greed');
	await expect(verify(read)).rejects.toMatchObject({
		message: expect.stringContaining('manifest.json: is not the manifest that was read'),
	});
	await verify();
});

test('a file whose statement gives a right and a wrong digest is not the one that was signed', async () => {
	const bytes = Buffer.from('some bytes');
	const { sha256, sha512 = '' } = hashBytes(bytes).digest;
	const digest = { sha256: 'ab'.repeat(32), sha512 };
	const statement = toStatement(PREDICATE_TYPES.provenance, [{ name: 'some', digest }], {});
	const bundle = await (await signing.means.openSigner()).attest(statement);
	const { trust, policy } = signing;
	const request = {
		name: 'some',
		bundles: [{ path: 'b', bytes: bundle }],
		origin: 'named',
		require: [],
	} as const;
	expect(() =>
		verifyFile({ ...request, digest: { sha256, sha512 }, trust, policy, clock: context.clock }),
	).toThrow(expect.objectContaining({ code: 'VERIFY_CHAIN_REFUSED' }));
});

test.each([
	['vsa', { verificationResult: 'FAILED' }, { verificationResult: 'PASSED' }],
	['test-result', { result: 'FAILED' }, { result: 'PASSED' }],
	['test-result', {}, { result: 'WARNED' }],
] as const)(
	'a %s that does not say that it passed is not what a policy requires',
	async (kind, bad, good) => {
		const { sha256, sha512 = '' } = hashBytes(Buffer.from('some bytes')).digest;
		const signer = await signing.means.openSigner();
		const { trust, policy } = signing;
		const verifyWith = async (predicate: object) => {
			const subject = [{ name: 'some', digest: { sha256 } }];
			const bytes = await signer.attest(toStatement(PREDICATE_TYPES[kind], subject, predicate));
			const bundles = [{ path: 'b', bytes }];
			const file = { name: 'some', digest: { sha256, sha512 }, bundles, origin: 'named' } as const;
			return verifyFile({ ...file, require: [kind], trust, policy, clock: context.clock });
		};
		await expect(verifyWith(bad)).rejects.toMatchObject({ code: 'VERIFY_CHAIN_MISSING' });
		expect((await verifyWith(good)).attestations).toHaveLength(1);
	},
);

test('a rendering of the gate report that its record does not name has no place in a Release', async () => {
	const bare = await makeSignedRelease(join(root, 'bare'), signing, {
		version: '1.0.0',
		until: 'sign',
		context,
	});
	const { artifacts, project, version } = bare.manifest;
	const report = JSON.stringify({ project, version, policy: null, overall: 'pass' });
	await mkdir(join(bare.folder, 'gate'));
	await writeFile(join(bare.folder, 'gate/report.json'), report);
	const [name, now] = ['gate/report.json', context.clock.now()];
	const sboms = (await readdir(join(bare.folder, 'sbom'))).map((file) => `sbom/${file}`);
	const inputs = await Promise.all(
		sboms.map(async (path) => ({ name: path, ...(await hashFile(join(bare.folder, path))) })),
	);
	await writeStage(bare, 'gate', {
		tool: { name: 'slipway', version: '0.0.0' },
		start: now,
		end: now,
		inputs: [...artifacts, ...inputs],
		outputs: [{ name, digest: hashBytes(Buffer.from(report)).digest }],
		notes: [],
	});
	await signRecords(bare, signing.means);
	const { trust, policy } = signing;
	const require = { ...policy.policy.require, stages: ['gate' as const] };
	const request = {
		trust,
		policy: { ...policy, policy: { ...policy.policy, require } },
		clock: context.clock,
	};
	await verifyReleaseFolder(bare, request);
	await writeFile(join(bare.folder, 'gate/report.md'), '# all is well');
	await expect(verifyReleaseFolder(bare, request)).rejects.toMatchObject({
		code: 'VERIFY_CHAIN_UNKNOWN',
		message: 'gate/report.md: belongs to nothing in this Release',
	});
});
