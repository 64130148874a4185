import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PREDICATE_TYPES, toStatement } from '@slipway/core/attestation';
import { type Finished, run } from '@slipway/process';
import { startSigstore } from '@slipway/rehearsal/sigstore';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const SUITE =
	process.env.SLIPWAY_SIGSTORE_CONFORMANCE ??
	resolve(
		fileURLToPath(new URL('../../../../', import.meta.url)),
		'../shared/third-party/sigstore-conformance',
	);
/** Node keeps the stripped types there: a start takes a third of the time. */
const CACHE = join(tmpdir(), 'slipway-test-compile-cache');
const CASES = join(SUITE, 'test/assets/bundle-verify');
const IDENTITY =
	'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';

const conformance = (args: readonly string[]): Promise<Finished> =>
	run([process.execPath, MAIN, 'conformance', ...args], {
		cwd: tmpdir(),
		environment: { PATH: process.env.PATH, HOME: tmpdir(), NODE_COMPILE_CACHE: CACHE },
	});

const toDigest = (path: string): string =>
	`sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`;

const ifThere = (flag: string, path: string): string[] => (existsSync(path) ? [flag, path] : []);

const isThere = existsSync(CASES);
if (!isThere)
	console.warn(`SKIPPED: the Sigstore conformance suite is not at ${SUITE} (SLIPWAY_SIGSTORE_CONFORMANCE)`);

(isThere ? describe : describe.skip)('the client of the conformance suite, as a process', () => {
	test.each([
		'happy-path-v0.1',
		'happy-path-intoto-in-dsse-v3',
		'rekor2-happy-path',
		'rekor2-dsse-happy-path',
		'managed-key-happy-path',
		'bundle-malformed-json_fail',
		'managed-key-wrong-key_fail',
		'dsse-mismatch-sig_fail',
		'trust-root-tlog-missing-validity-start_fail',
	])('%s', async (name) => {
		const folder = join(CASES, name);
		const own = join(folder, 'artifact');
		const artifact = existsSync(own) ? own : join(CASES, 'a.txt');
		const key = ifThere('--key', join(folder, 'key.pub'));
		const signer =
			key.length > 0 ? key : ['--certificate-identity', IDENTITY, '--certificate-oidc-issuer', ISSUER];
		const bundle = ['--bundle', join(folder, 'bundle.sigstore.json')];
		const root = ifThere('--trusted-root', join(folder, 'trusted_root.json'));
		for (const subject of [artifact, toDigest(artifact)]) {
			const { code } = await conformance([
				'--pinned',
				'verify-bundle',
				...bundle,
				...signer,
				...root,
				subject,
			]);
			expect(code === 0).toBe(!name.endsWith('_fail'));
		}
	});
});

test('what it signs it verifies', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
	const sigstore = await startSigstore();
	try {
		const path = (name: string): string => join(folder, name);
		const subject = createHash('sha256').update('a file').digest('hex');
		const statement = toStatement(
			PREDICATE_TYPES.provenance,
			[{ name: 'a', digest: { sha256: subject } }],
			{},
		);
		await writeFile(path('statement.json'), JSON.stringify(statement));
		await writeFile(path('root.json'), JSON.stringify(sigstore.trustedRoot));
		await writeFile(path('services.json'), JSON.stringify(sigstore.signingConfig));
		const documents = ['--trusted-root', path('root.json')];
		const signing = [...documents, '--signing-config', path('services.json')];
		const token = ['--identity-token', sigstore.token()];
		const bundle = ['--bundle', path('bundle.json')];
		const signed = await conformance([
			'sign-bundle',
			'--in-toto',
			...token,
			...bundle,
			...signing,
			path('statement.json'),
		]);
		expect(`${signed.stderr}`).toBe('');
		const identity = 'https://github.com/example/greet/.github/workflows/release.yml@refs/tags/v1.0.0';
		const signer = ['--certificate-identity', identity, '--certificate-oidc-issuer', sigstore.issuer];
		const verify = (digest: string) =>
			conformance(['verify-bundle', ...bundle, ...signer, ...documents, `sha256:${digest}`]);
		expect((await verify(subject)).code).toBe(0);
		expect((await verify('0'.repeat(64))).code).toBe(1);
	} finally {
		await sigstore.stop();
		await rm(folder, { recursive: true });
	}
});
