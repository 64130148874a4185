// What `slipway verify` makes of its options: who is named, by which root, and what is no verdict at all.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { toRevocationStatement } from '@slipway/sign';
import { testContext, VirtualClock } from '@slipway/testing';
import { makeSignedRelease, type Signing, signKeyless } from './join/signed-release.fixture.ts';
import { type Ran, runHere } from './run-cli.fixture.ts';

const TARBALL = 'greet-1.0.0.tgz';
const file = `release/artifacts/${TARBALL}`;

let root: string;
let sigstore: LocalSigstore;
let signing: Signing;

const at = (...path: string[]): string => join(root, ...path);

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'verify-options-'));
	const context = testContext(root, new VirtualClock(Date.now()));
	sigstore = await startSigstore();
	signing = await signKeyless(sigstore, context);
	await makeSignedRelease(at('release'), signing, { version: '1.0.0', context });
	await writeFile(at('policy.yml'), JSON.stringify(signing.policy.policy));
	await writeFile(at('root.json'), JSON.stringify(sigstore.trustedRoot));
});
afterAll(async () => {
	await sigstore.stop();
	await rm(root, { recursive: true, force: true });
});

const slipway = (args: readonly string[]): Promise<Ran> =>
	runHere(['verify', ...args], {
		cwd: root,
		environment: { PATH: process.env.PATH, HOME: at('home') },
	});

const byPolicy = () => ['--policy', 'policy.yml', '--trusted-root', 'root.json'];
const toDigest = async (path: string): Promise<string> =>
	createHash('sha256')
		.update(await readFile(path))
		.digest('hex');

test('the root beside a policy counts, that of a project’s slipway.yml does not', async () => {
	const other = await startSigstore();
	await writeFile(at('other.json'), JSON.stringify(other.trustedRoot));
	await other.stop();
	const config = "project: greet\nversion: 1.0.0\nsign: { trusted-root: 'ROOT' }\n";
	const policy = { ...signing.policy.policy, 'trusted-root': 'root.json' };
	await writeFile(at('slipway.yml'), config.replace('ROOT', 'other.json'));
	await writeFile(at('rooted.yml'), JSON.stringify(policy));
	const rooted = await slipway([file, '--policy', 'rooted.yml', '--json']);
	await writeFile(at('slipway.yml'), config.replace('ROOT', 'root.json'));
	const unrooted = await slipway([file, '--policy', 'policy.yml', '--offline', '--json']);
	await rm(at('slipway.yml'));
	expect({ code: rooted.code, stderr: rooted.stderr }).toMatchObject({ code: 0 });
	expect(unrooted.code).toBe(7);
});

test('a notice that revokes it is no reason to accept it', async () => {
	const statement = toRevocationStatement([{ name: TARBALL, digest: { sha256: await toDigest(at(file)) } }], {
		date: '2026-01-01T00:00:00Z',
		reason: 'built from a stolen branch',
		keys: [],
		builders: [],
		subjects: true,
	});
	const signer = await signing.means.openSigner();
	await writeFile(at('notice.sigstore.json'), await signer.attest(statement));
	const { code, stdout } = await slipway([file, '--bundle', 'notice.sigstore.json', ...byPolicy()]);
	expect(code).toBe(7);
	expect(stdout).toContain('built from a stolen branch');
});

const usage: readonly (readonly [string, readonly string[], string])[] = [
	['nobody named', [], 'VERIFY_NOBODY_TRUSTED'],
	['an identity without its issuer', ['--identity', 'x'], 'VERIFY_OPTIONS_CLASH'],
	[
		'an identity twice',
		['--identity', 'x', '--identity-pattern', 'x', '--issuer', 'i'],
		'VERIFY_OPTIONS_CLASH',
	],
	[
		'a policy and an identity',
		['--policy', 'policy.yml', '--identity', 'x', '--issuer', 'i'],
		'VERIFY_OPTIONS_CLASH',
	],
	['an issuer without an identity', ['--policy', 'policy.yml', '--issuer', 'i'], 'VERIFY_OPTIONS_CLASH'],
	['a policy that is not there', ['--policy', 'none.yml'], 'POLICY_MISSING'],
	['a policy that is a pipe', ['--policy', '/dev/zero'], 'FILE_NOT_PLAIN'],
	['a root that is a folder', ['--policy', 'policy.yml', '--trusted-root', '.'], 'FILE_NOT_PLAIN'],
	['a root that is none', ['--policy', 'policy.yml', '--trusted-root', 'policy.yml'], 'VERIFY_TRUST_INVALID'],
];
test.each(usage)('what cannot be judged is no verdict: %s', async (_, args, expected) => {
	const { code, stdout } = await slipway([file, ...args, '--json']);
	expect(code).toBe(1);
	expect(JSON.parse(stdout)).toMatchObject({ error: { code: expected } });
});
