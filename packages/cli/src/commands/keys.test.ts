import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePolicy } from '@slipway/core/policy';
import { generateSigningKey } from '@slipway/deb';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { openRevocations, openTrust } from '@slipway/verify';
import { type Ran, runHere } from '../run-cli.fixture.ts';

const clock = { now: () => Date.now() };

let folder: string;
let sigstore: LocalSigstore;
beforeAll(async () => {
	sigstore = await startSigstore();
});
afterAll(() => sigstore.stop());
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'keys-'));
	await write('package.json', '{"name":"demo","version":"1.0.0"}');
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string | Uint8Array): Promise<void> => writeFile(join(folder, name), text);

const keys = (args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> =>
	runHere(['keys', ...args], {
		cwd: folder,
		environment: { PATH: process.env.PATH, HOME: folder, ...environment },
	});

/** A new key of one's own in a folder, and what goes below `signers:`. */
const makeKey = async (name: string, days: number): Promise<string> => {
	const { code, stdout } = await keys([
		'new',
		'--name',
		name,
		'--days',
		String(days),
		'--out',
		name,
		'--json',
	]);
	expect(code).toBe(0);
	return JSON.parse(stdout).entry;
};

const writePolicy = (...entries: readonly string[]): Promise<void> =>
	write('slipway.policy.yml', `policy: 1\nsigners:\n${entries.join('\n')}\n`);

test('rotation: an end without a successor is an alarm, with one it is none', async () => {
	const old = await makeKey('old', 20);
	await writePolicy(old);
	const alone = await keys(['check', '--json']);
	expect(alone.code).toBe(1);
	expect(JSON.parse(alone.stdout)).toMatchObject({
		alarm: true,
		findings: [{ name: 'old', state: 'expires-soon', days: 20 }],
	});
	expect((await keys(['check', '--days', '10'])).code).toBe(0);
	await writePolicy(old, await makeKey('new', 700));
	const both = await keys(['check', '--json']);
	expect(both.code).toBe(0);
	expect(JSON.parse(both.stdout).findings).toMatchObject([
		{ state: 'rotating', successor: 'new' },
		{ state: 'good' },
	]);
});

test('keys of the policy and of apt: published twice, compared, and checked', async () => {
	const [now, then] = [
		await generateSigningKey({ name: 'Ada', email: 'ada@example.org', days: 400 }),
		await generateSigningKey({
			name: 'Ada',
			email: 'ada@example.org',
			days: 30,
			createdAt: Date.now() - 864e5,
		}),
	];
	await write('old.asc', then.publicKey);
	await write(
		'slipway.yml',
		'targets:\n  apt: {type: apt, store: {directory: repo}, url: "http://127.0.0.1:9/", origin: x, signing-key: {environment: KEY}, trusted-keys: [old.asc]}\n',
	);
	await writePolicy(await makeKey('release', 700));
	const environment = { KEY: now.privateKey };
	const published = await keys(['publish', '--out', 'second', '--json'], environment);
	expect(published.code).toBe(0);
	expect(JSON.parse(published.stdout)).toMatchObject({
		project: 'demo',
		places: [expect.any(String), 'http://127.0.0.1:9/keys/'],
	});
	expect(await readdir(join(folder, 'second'))).toHaveLength(4);
	expect((await keys(['compare', 'second', 'repo/keys'])).code).toBe(0);
	expect((await keys(['publish', '--out', 'third'], environment)).code).toBe(0);
	expect(readFileSync(join(folder, 'third/keys.json'))).toEqual(
		readFileSync(join(folder, 'second/keys.json')),
	);
	const checked = await keys(['check', '--json'], environment);
	expect(JSON.parse(checked.stdout).findings).toMatchObject([
		{ name: 'release', state: 'good' },
		{ id: now.fingerprint, state: 'good' },
		{ id: then.fingerprint, state: 'rotating' },
	]);
	const differs = await keys(['compare', 'second', 'old.asc']);
	expect(differs.code).toBe(1);
	expect(differs.stdout).toContain('only at second: release');
});

test('a revocation notice is signed, and verification reads it', async () => {
	const entry = await makeKey('old', 700);
	const team = await makeKey('team', 700);
	await write('services.json', JSON.stringify(sigstore.signingConfig));
	await write(
		'slipway.yml',
		'targets: {npm: {type: npm}}\nsign: {services: services.json, key: {file: team/signing-key.pem}}\n',
	);
	await write('released.tgz', 'bytes that were released');
	const what = [
		'--key',
		'old/signing-key.pub.pem',
		'--builder',
		'https://example.com/w@refs/tags/v1',
		'--file',
		'released.tgz',
	];
	const revoked = await keys(['revoke', ...what, '--reason', 'seen in a log', '--out', 'notices', '--json']);
	expect(revoked.stderr).toBe('');
	const { path } = JSON.parse(revoked.stdout);
	expect(path).toMatch(/notices\/revocation-\d{4}-\d\d-\d\d-[0-9a-f]{12}\.sigstore\.json$/);
	const trust = await openTrust({ trustedRoot: Buffer.from(JSON.stringify(sigstore.trustedRoot)), clock });
	const policy = parsePolicy(Buffer.from(`policy: 1\nsigners:\n${team}\n    predicates: [revocation]\n`));
	expect(openRevocations([await readFile(path)], { trust, policy, clock })).toMatchObject([
		{
			signer: 'team',
			revocation: {
				keys: [expect.stringMatching(/^[0-9a-f]{64}$/)],
				subjects: true,
				reason: 'seen in a log',
			},
			subjects: [{ name: 'released.tgz' }],
		},
	]);
	const others = parsePolicy(Buffer.from(`policy: 1\nsigners:\n${entry}\n`));
	expect(() => openRevocations([readFileSync(path)], { trust, policy: others, clock })).toThrow(
		expect.objectContaining({ code: 'VERIFY_KEY_REFUSED' }),
	);
});

test.each([
	['nothing to revoke', ['revoke', '--reason', 'x'], 1, 'what to revoke'],
	['nobody who can sign', ['revoke', '--builder', 'x', '--reason', 'x'], 1, 'no `sign:`'],
	['no reason', ['revoke', '--builder', 'x'], 2, '--reason'],
	['a place that is none', ['compare', 'nowhere', 'nowhere'], 1, 'KEYS_UNREADABLE'],
])('%s', async (_, args, code, message) => {
	if (args.includes('x') && !args.includes('--builder'))
		await write('slipway.yml', 'sign: {key: {file: a}}\n');
	const finished = await keys(args);
	expect(finished.code).toBe(code);
	expect(finished.stderr).toContain(message);
});
