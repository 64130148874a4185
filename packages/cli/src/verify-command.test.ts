import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Release } from '@slipway/archive';
import type { Context } from '@slipway/core';
import { PREDICATE_TYPES, STATEMENT_PAYLOAD_TYPE, toPae, toStatement } from '@slipway/core/attestation';
import { parseConfig } from '@slipway/core/config';
import { addDebs, generateSigningKey, makeDeb, readSigningKey } from '@slipway/deb';
import { type LoopbackServer, serveLoopback, toFolderHandler } from '@slipway/http';
import { type Argv, type Finished, run } from '@slipway/process';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { directoryStore } from '@slipway/store';
import { describeWith } from '@slipway/testing';
import {
	addVsa,
	makeSignedRelease,
	type Signing,
	signKeyless,
	signWithKey,
} from './join/signed-release.fixture.ts';
import { type Ran, runHere } from './run-cli.fixture.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const NO_NETWORK = fileURLToPath(new URL('./no-network.fixture.mjs', import.meta.url));

let root: string;
let context: Context;
let sigstore: LocalSigstore;
let signing: Signing;
let release: Release;
let identity: string;

const at = (...path: string[]): string => join(root, ...path);

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'verify-'));
	context = {
		log: { debug: () => {}, info: () => {}, warning: () => {} },
		clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
		tempDir: root,
		signal: new AbortController().signal,
	};
	sigstore = await startSigstore();
	signing = await signKeyless(sigstore, context);
	release = await makeSignedRelease(at('release'), signing, { version: '1.0.0', context });
	await addVsa(release, signing, context);
	const [signer] = signing.policy.policy.signers;
	if (!signer || !('identity' in signer)) throw new Error('expected a certificate signer');
	identity = signer.identity ?? '';
	await writeFile(at('policy.yml'), JSON.stringify(signing.policy.policy));
	await writeFile(at('root.json'), JSON.stringify(sigstore.trustedRoot));
});
afterAll(async () => {
	await sigstore.stop();
	await rm(root, { recursive: true, force: true });
});

const slipway = (
	args: readonly string[],
	environment: Record<string, string> = {},
	before?: readonly string[],
): Promise<Ran | Finished> => {
	const options = {
		cwd: root,
		environment: {
			PATH: process.env.PATH,
			HOME: at('home'),
			NODE_COMPILE_CACHE: join(tmpdir(), 'slipway-test-compile-cache'),
			...environment,
		},
	};
	const isProcess = before !== undefined || 'NODE_OPTIONS' in environment;
	if (!isProcess) return runHere(['verify', ...args], options);
	return run([...(before ?? []), process.execPath, MAIN, 'verify', ...args] as unknown as Argv, options);
};

const byPolicy = () => ['--policy', 'policy.yml', '--trusted-root', 'root.json'];
const byName = () => ['--identity', identity, '--issuer', sigstore.issuer, '--trusted-root', 'root.json'];

const TARBALL = 'greet-1.0.0.tgz';

describe('a Release folder', () => {
	test('people read who signed what, when, where from, and the chain', async () => {
		const { code, stdout } = await slipway(['--release', 'release', ...byPolicy()]);
		expect(code).toBe(0);
		expect(stdout).toMatch(/^VERIFIED greet 1\.0\.0, a Release of 2 artifacts$/m);
		expect(stdout).toContain(`release workflow  ${identity} (issuer ${sigstore.issuer})`);
		expect(stdout).toMatch(/^ {6}from https:\/\/github\.com\/\S+ \(refs\/\S+, 0123456789ab\)$/m);
		expect(stdout).toMatch(/^ {6}https:\/\/\S+\/actions\/runs\/\d+\S* on a github-hosted runner$/m);
		for (const stage of ['build', 'test', 'reproduce', 'sbom', 'sign', 'gate', 'plan', 'publish'])
			expect(stdout).toMatch(new RegExp(`^ {4}${stage} .* signed \\d{4}-.* by release workflow$`, 'm'));
		expect(stdout).toContain('trusted root from a file (root.json)');
	});

	test('machines read the same; the folder can be named as an argument', async () => {
		const { code, stdout } = await slipway(['release', ...byPolicy(), '--json']);
		expect(code).toBe(0);
		const { verified, results } = JSON.parse(stdout);
		expect(verified).toBe(true);
		expect(results[0]).toMatchObject({
			kind: 'release',
			project: 'greet',
			version: '1.0.0',
			trust: { source: { kind: 'file' } },
		});
		expect(results[0].stages).toHaveLength(8);
		expect(JSON.stringify(results)).not.toContain('authorities');
	});

	test('--keep-going gives a verdict for each of those named, in their order', async () => {
		await cp(at('release'), at('edited'), { recursive: true });
		await writeFile(at('edited', 'artifacts', TARBALL), 'other bytes');
		const named = ['edited', 'release', 'edited', '--keep-going'];
		const { code, stdout } = await slipway([...named, ...byPolicy(), '--json']);
		const { verified, verdicts } = JSON.parse(stdout);
		expect({ code, verified }).toEqual({ code: 7, verified: false });
		expect(verdicts.map((each: { verified: boolean }) => each.verified)).toEqual([false, true, false]);
		expect(verdicts[0].error).toMatchObject({ code: 'VERIFY_CHAIN_CHANGED' });
		expect(verdicts[1].results[0]).toMatchObject({ project: 'greet' });
	});

	test('--vsa writes a summary that names policy and attestations by digest, and no level that is not shown', async () => {
		const { code } = await slipway(['release', ...byPolicy(), '--vsa', 'vsa.json']);
		expect(code).toBe(0);
		const statement = JSON.parse(await readFile(at('vsa.json'), 'utf8'));
		const policy = createHash('sha256')
			.update(await readFile(at('policy.yml')))
			.digest('hex');
		expect(statement).toMatchObject({
			predicateType: PREDICATE_TYPES.vsa,
			predicate: {
				verifier: { id: 'urn:slipway:verifier' },
				resourceUri: 'pkg:generic/greet@1.0.0',
				policy: { digest: { sha256: policy } },
				verificationResult: 'PASSED',
				verifiedLevels: ['SLSA_BUILD_LEVEL_1'],
				slsaVersion: '1.2',
			},
		});
		for (const { uri, digest } of statement.predicate.inputAttestations)
			expect(
				createHash('sha256')
					.update(await readFile(join(release.folder, uri)))
					.digest('hex'),
			).toBe(digest.sha256);
		expect(statement.subject.map(({ name }: { name: string }) => name)).toEqual([
			TARBALL,
			'greet_1.0.0-1_all.deb',
		]);
	});

	test('one changed link is refused by name, with an exit code of its own', async () => {
		await cp(release.folder, at('changed'), { recursive: true });
		await writeFile(at('changed', 'artifacts', TARBALL), 'other');
		const { code, stdout } = await slipway(['changed', ...byPolicy()]);
		expect(code).toBe(7);
		expect(stdout).toMatch(/^REFUSED$/m);
		expect(stdout).toContain(`artifacts/${TARBALL}: expected`);
		const json = await slipway(['changed', ...byPolicy(), '--json']);
		expect(json.code).toBe(7);
		expect(JSON.parse(json.stdout)).toMatchObject({
			verified: false,
			error: { code: 'VERIFY_CHAIN_CHANGED' },
		});
	});

	test('by identity alone, exact or as an anchored pattern', async () => {
		expect((await slipway(['release', ...byName()])).code).toBe(0);
		const pattern = ['--issuer', sigstore.issuer, '--trusted-root', 'root.json', '--identity-pattern'];
		expect((await slipway(['release', ...pattern, 'https://github[.]com/.*'])).code).toBe(0);
		expect((await slipway(['release', ...pattern, 'github[.]com'])).code).toBe(7);
		const other = await slipway([
			'release',
			...byName().map((text) => (text === identity ? `${identity}x` : text)),
		]);
		expect(other.code).toBe(7);
		expect(other.stdout).toContain('VERIFY_CHAIN_REFUSED');
	});
});

describe('a file', () => {
	const file = `release/artifacts/${TARBALL}`;

	test('is verified by the attestations beside it, found by its digest', async () => {
		const { code, stdout } = await slipway([file, ...byPolicy()]);
		expect(code).toBe(0);
		expect(stdout).toMatch(/^VERIFIED greet-1\.0\.0\.tgz$/m);
		expect(stdout).toMatch(/2 provenance/);
	});

	test('by a bundle that is named, alone in a folder', async () => {
		await mkdir(at('alone'));
		await copyFile(at(file), at('alone', TARBALL));
		const none = await slipway([`alone/${TARBALL}`, ...byName()]);
		expect(none.code).toBe(7);
		expect(none.stdout).toContain('expected an attestation of it, found none');
		const bundle = 'release/attestations/provenance.sigstore.json';
		expect((await slipway([`alone/${TARBALL}`, '--bundle', bundle, ...byName()])).code).toBe(0);
		await copyFile(at(bundle), at('alone', `${TARBALL}.sigstore.json`));
		expect((await slipway([`alone/${TARBALL}`, ...byName()])).code).toBe(0);
		await writeFile(at('alone', TARBALL), 'other bytes');
		const changed = await slipway([`alone/${TARBALL}`, '--bundle', bundle, ...byName()]);
		expect(changed.code).toBe(7);
		expect(changed.stdout).toContain('provenance.sigstore.json');
	});
});

const toEnvironmentWithoutNetwork = () => ({ NODE_OPTIONS: `--import ${NO_NETWORK}` });

describe('without a network', () => {
	test('no socket is opened with a trusted root, nor with keys alone', async () => {
		const environment = toEnvironmentWithoutNetwork();
		expect((await slipway(['release', ...byPolicy()], environment)).code).toBe(0);
		const online = await slipway(['release', '--policy', 'policy.yml'], environment);
		expect(online.code).toBe(1);
		expect(online.stderr).toContain('VERIFY_TRUST_UNAVAILABLE');
	});
});

describeWith('unshare', 'in a network namespace of its own', () => {
	test('a Release and a file are verified', async () => {
		const before = ['unshare', '-rn'];
		const folder = await slipway(['release', ...byPolicy()], {}, before);
		expect(folder.stderr).toBe('');
		expect(folder.code).toBe(0);
		expect((await slipway([`release/artifacts/${TARBALL}`, ...byName()], {}, before)).code).toBe(0);
	});
});

test('a key of one’s own, without a trusted root', async () => {
	const own = await signWithKey(context);
	await makeSignedRelease(at('own'), own, { version: '1.0.0', context });
	const [signer] = own.policy.policy.signers;
	await writeFile(at('key.pem'), signer && 'key' in signer ? signer.key : '');
	const { code, stdout } = await slipway(['own', '--key', 'key.pem'], toEnvironmentWithoutNetwork());
	expect(code).toBe(0);
	expect(stdout).toContain('keys of the policy alone');
	expect(stdout).toContain('SLSA_BUILD_LEVEL_1');
	expect((await slipway(['release', '--key', 'key.pem'])).code).toBe(7);
});

describe('an npm package on a registry', () => {
	let server: LoopbackServer;
	let bundles: object[];
	let tarball: Buffer;
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
	const der = publicKey.export({ type: 'spki', format: 'der' });
	const PUBLISH = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';

	const toRegistryBundle = (subject: object): object => {
		const payload = Buffer.from(
			JSON.stringify({ _type: 'https://in-toto.io/Statement/v0.1', predicateType: PUBLISH, ...subject }),
		);
		const sig = sign('sha256', toPae(STATEMENT_PAYLOAD_TYPE, payload), privateKey).toString('base64');
		return {
			mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2',
			verificationMaterial: { publicKey: { hint: 'SHA256:registry' }, tlogEntries: [] },
			dsseEnvelope: {
				payload: payload.toString('base64'),
				payloadType: STATEMENT_PAYLOAD_TYPE,
				signatures: [{ sig, keyid: 'SHA256:registry' }],
			},
		};
	};

	beforeAll(async () => {
		tarball = await readFile(join(release.folder, 'artifacts', TARBALL));
		const sha512 = createHash('sha512').update(tarball);
		const integrity = `sha512-${sha512.copy().digest('base64')}`;
		const word = toRegistryBundle({
			subject: [{ name: 'pkg:npm/greet@1.0.0', digest: { sha512: sha512.digest('hex') } }],
			predicate: { name: 'greet', version: '1.0.0', registry: 'http://127.0.0.1' },
		});
		const provenance = JSON.parse(
			await readFile(join(release.folder, `attestations/npm-${TARBALL}.sigstore.json`), 'utf8'),
		);
		bundles = [
			{ predicateType: PUBLISH, bundle: word },
			{ predicateType: PREDICATE_TYPES.provenance, bundle: provenance },
		];
		server = await serveLoopback((request, response) => {
			const path = request.url ?? '';
			if (path.startsWith('/-/npm/v1/attestations/'))
				return response.end(JSON.stringify({ attestations: bundles }));
			if (path.endsWith('.tgz')) return response.end(tarball);
			const dist = {
				tarball: `${server.origin}/greet/-/${TARBALL}`,
				integrity,
				attestations: { url: 'http://elsewhere.invalid/x' },
			};
			const name = path.slice(1);
			const toVersion = (version: string) => ({ [version]: { name, version, dist } });
			const versions = { ...toVersion('1.0.0'), ...toVersion('1.0.1') };
			return response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions }));
		});
		const keys = { keys: [{ keyid: 'SHA256:registry', key: der.toString('base64'), expires: null }] };
		await writeFile(at('keys.json'), JSON.stringify(keys));
	});
	afterAll(() => server.close());
	const verify = (spec: string, ...more: string[]) =>
		slipway([spec, '--registry', server.origin, ...byPolicy(), ...more]);

	test('its tarball, our provenance, and what the registry says itself', async () => {
		const { code, stdout } = await verify('npm:greet@1.0.0', '--registry-keys', 'keys.json');
		expect(code).toBe(0);
		expect(stdout).toMatch(/^VERIFIED greet@1\.0\.0$/m);
		expect(stdout).toContain('published by the registry, key SHA256:registry');
		expect((await verify('pkg:npm/greet@1.0.0')).stdout).toContain(
			'was not verified: name its keys with --registry-keys',
		);
	});

	test.each(['npm:greet@1.0.1', 'npm:welcome@1.0.0'])(
		'signed bytes offered as %s are refused',
		async (spec) => {
			const whole = bundles;
			const files = [`npm-${TARBALL}`, 'provenance'];
			for (const file of files) {
				const text = await readFile(join(release.folder, `attestations/${file}.sigstore.json`), 'utf8');
				bundles = [{ predicateType: PREDICATE_TYPES.provenance, bundle: JSON.parse(text) }];
				const { code, stdout } = await verify(spec);
				expect({ code, stdout }).toEqual({ code: 7, stdout: expect.stringContaining('pkg:npm/greet@1.0.0') });
				expect(stdout).toContain('VERIFY_CHAIN_MISMATCH');
			}
			bundles = whole;
		},
	);

	test('other bytes, other provenance, none, and another word of the registry are refused', async () => {
		const [word, provenance] = bundles as {
			predicateType: string;
			bundle: { dsseEnvelope: { payload: string } };
		}[];
		const whole = [...bundles];
		bundles = [word as object];
		expect((await verify('npm:greet@1.0.0')).stdout).toContain('requires an attestation of kind provenance');
		bundles = [
			word as object,
			{
				...provenance,
				bundle: {
					...provenance?.bundle,
					dsseEnvelope: { ...provenance?.bundle.dsseEnvelope, signatures: [{ sig: 'AAAA' }] },
				},
			},
		];
		expect((await verify('npm:greet@1.0.0')).code).toBe(7);
		bundles = [
			{
				predicateType: PUBLISH,
				bundle: toRegistryBundle({
					subject: [{ name: 'pkg:npm/greet@1.0.0', digest: { sha512: '0'.repeat(128) } }],
					predicate: { name: 'greet', version: '1.0.0' },
				}),
			},
			provenance as object,
		];
		const lied = await verify('npm:greet@1.0.0', '--registry-keys', 'keys.json');
		expect(lied.code).toBe(7);
		expect(lied.stdout).toContain('speaks of another package or of other bytes');
		bundles = whole;
		const before = tarball;
		tarball = Buffer.from('other');
		expect((await verify('npm:greet@1.0.0')).stdout).toContain('NPM_DIGEST_MISMATCH');
		tarball = before;
		expect((await verify('npm:greet@2.0.0')).code).toBe(1);
	});
});

describe('an apt repository', () => {
	let server: LoopbackServer;
	let deb: { readonly path: string; readonly sha256: string };

	beforeAll(async () => {
		await mkdir(at('project'));
		await writeFile(at('project', 'greet.sh'), '#!/bin/sh\necho hello\n');
		await writeFile(
			at('project', 'LICENSE'),
			'MIT License\n\nCopyright (c) 2026 Ada Lovelace\n\nPermission is granted.\n',
		);
		const [definition] = parseConfig(
			'deb: [{name: greet, architecture: all, summary: greets, maintainer: "Ada <ada@example.org>", license: MIT, copyright: 2026 Ada Lovelace, files: [{source: greet.sh, target: /usr/bin/greet}]}]',
		).deb;
		if (!definition) throw new Error('expected a package');
		const made = await makeDeb(
			{
				definition,
				projectFolder: at('project'),
				version: '1.0.0',
				sourceDateEpoch: 1_700_000_000,
			},
			context,
		);
		const sha256 = createHash('sha256').update(made.bytes).digest('hex');
		const key = await generateSigningKey({
			name: 'Ada',
			email: 'ada@example.org',
			days: 90,
			createdAt: Date.now() - 60_000,
		});
		const store = directoryStore(at('apt'));
		const repository = {
			store,
			origin: 'Example',
			label: 'Example',
			architectures: ['amd64'],
			signingKey: await readSigningKey(key.privateKey),
			trustedKeys: [],
		};
		await addDebs(
			repository,
			{ suite: 'stable', component: 'main', debs: [made.bytes], keep: 5 },
			{ context, guard: async () => {} },
		);
		const signer = await signing.means.openSigner();
		const subject = [{ name: 'greet_1.0.0-1_all.deb', digest: { sha256 } }];
		const bundle = await signer.attest(
			toStatement(PREDICATE_TYPES.provenance, subject, { buildDefinition: {} }),
		);
		await mkdir(at('apt', 'attestations'));
		await writeFile(
			at('apt', 'attestations', `sha256-${sha256}.jsonl`),
			`${JSON.stringify(JSON.parse(Buffer.from(bundle).toString()))}\n`,
		);
		await writeFile(at('apt.asc'), key.publicKey);
		await writeFile(
			at('deb.yml'),
			JSON.stringify({ ...signing.policy.policy, require: { attestations: ['provenance'] } }),
		);
		deb = { path: 'apt/pool/main/g/greet/greet_1.0.0-1_all.deb', sha256 };
		server = await serveLoopback(toFolderHandler(at('apt')));
	});
	afterAll(() => server.close());
	const trust = ['--policy', 'deb.yml', '--trusted-root', 'root.json'];

	test.each(['folder', 'address'])('every file of a suite and its attestations, by %s', async (how) => {
		const spec = how === 'folder' ? 'apt:apt' : `apt:${server.origin}`;
		const { code, stdout } = await slipway([spec, 'stable', '--signing-key', 'apt.asc', ...trust]);
		expect(code).toBe(0);
		expect(stdout).toMatch(/^VERIFIED \S+ stable, 1 packages$/m);
		expect(stdout).toContain(`release workflow  ${identity}`);
		expect(stdout).toMatch(/1 indexes and 1 package files by sha256/);
	});

	test('a .deb of it alone: attestations beside the pool, and what its control file says', async () => {
		const { code, stdout } = await slipway([deb.path, ...trust]);
		expect(code).toBe(0);
		expect(stdout).toContain('control file: pkg:deb/greet@1.0.0-1?arch=all');
	});

	test('without its key, without attestations, and with a changed file', async () => {
		expect((await slipway(['apt:apt', 'stable', ...trust])).code).toBe(1);
		expect((await slipway(['apt:apt', '--signing-key', 'apt.asc', ...trust])).code).toBe(1);
		const attestations = at('apt', 'attestations', `sha256-${deb.sha256}.jsonl`);
		const kept = await readFile(attestations);
		await rm(attestations);
		const bare = await slipway(['apt:apt', 'stable', '--signing-key', 'apt.asc', ...trust]);
		expect(bare.code).toBe(7);
		expect(bare.stdout).toContain(basename(deb.path));
		expect((await slipway(['apt:apt', 'stable', '--signing-key', 'apt.asc', '--no-attestations'])).code).toBe(
			0,
		);
		await writeFile(attestations, kept);
		await writeFile(at(deb.path), 'other');
		const changed = await slipway(['apt:apt', 'stable', '--signing-key', 'apt.asc', ...trust]);
		expect(changed.code).toBe(7);
		expect(changed.stdout).toContain('APT_BYTES_CHANGED');
	});
});
