import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { generateKey } from 'openpgp';
import { checkSigningKey } from './check-key.ts';
import { generateSigningKey, readSigningKey } from './signing-key.ts';

const ADA = { name: 'Ada Lovelace', email: 'ada@example.org', days: 400 };
const TEXT = 'Origin: Example\nSuite: stable\n- a dash\nSHA256:\n 00 1 main/binary-amd64/Packages\n';
const DAY_MS = 86_400_000;

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string): string => {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
};

/** gpgv reads binary keyrings only. */
const writeKeyring = (publicKey: string): string => {
	const base64 = publicKey.split('\n\n')[1]?.split('\n=')[0]?.replaceAll('\n', '') ?? '';
	const path = join(folder, 'keyring.gpg');
	writeFileSync(path, Buffer.from(base64, 'base64'));
	return path;
};

const gpgv = (...files: readonly string[]) =>
	spawnSync('gpgv', ['--status-fd', '1', '--keyring', ...files], { encoding: 'utf8' });

describeWith('gpgv', 'what our keys sign', () => {
	test('gpgv accepts a clear-signed text made with SHA-512', async () => {
		const { privateKey } = await generateSigningKey(ADA);
		const key = await readSigningKey(privateKey);
		const signed = await key.clearSign(TEXT, Date.now());
		const verdict = gpgv(writeKeyring(key.publicKey), write('InRelease', signed));
		expect(verdict.stdout).toContain('GOODSIG');
		expect(verdict.stdout).toMatch(new RegExp(`VALIDSIG ${key.fingerprint} \\S+ \\d+ 0 4 0 22 10 `));
		expect(signed).not.toContain('\r');
	});

	test('gpgv accepts a detached signature over the same bytes', async () => {
		const { privateKey } = await generateSigningKey({ ...ADA, passphrase: 'open sesame' });
		const key = await readSigningKey(privateKey, 'open sesame');
		const signature = await key.detachSign(TEXT, Date.now());
		const verdict = gpgv(
			writeKeyring(key.publicKey),
			write('Release.gpg', signature),
			write('Release', TEXT),
		);
		expect(verdict.status).toBe(0);
		expect(verdict.stdout).toMatch(/VALIDSIG .* 22 10 00 /);
	});

	test('gpgv refuses the text after a change', async () => {
		const { privateKey } = await generateSigningKey(ADA);
		const key = await readSigningKey(privateKey);
		const signed = await key.clearSign(TEXT, Date.now());
		const verdict = gpgv(writeKeyring(key.publicKey), write('InRelease', signed.replace('stable', 'stabel')));
		expect(verdict.stdout).toContain('BADSIG');
	});
});

describe('reading a key', () => {
	test('keeps the secret out of everything that can be printed', async () => {
		const { privateKey } = await generateSigningKey(ADA);
		expect(Object.keys(await readSigningKey(privateKey))).toEqual([
			'fingerprint',
			'publicKey',
			'clearSign',
			'detachSign',
		]);
	});

	test.each([
		['text that is no key', async () => 'hello', undefined, 'APT_KEY_INVALID'],
		['a public key', async () => (await generateSigningKey(ADA)).publicKey, undefined, 'APT_KEY_INVALID'],
		[
			'a locked key without a passphrase',
			async () => (await generateSigningKey({ ...ADA, passphrase: 'a' })).privateKey,
			undefined,
			'APT_KEY_LOCKED',
		],
		[
			'a locked key with another passphrase',
			async () => (await generateSigningKey({ ...ADA, passphrase: 'a' })).privateKey,
			'b',
			'APT_KEY_LOCKED',
		],
	])('refuses %s', async (_name, make, passphrase, code) => {
		await expect(readSigningKey(await make(), passphrase)).rejects.toMatchObject({
			name: 'SlipwayError',
			code,
		});
	});
});

const user = { userIDs: [{ name: 'Ada', email: 'ada@example.org' }], format: 'object' as const };
const toPublic = async (options: Parameters<typeof generateKey>[0]): Promise<string> => {
	const { publicKey } = await generateKey({ ...options, format: 'object' });
	return publicKey.armor();
};

const verdicts: readonly [name: string, make: () => Promise<string>, expected: readonly string[]][] = [
	['our own key', async () => (await generateSigningKey(ADA)).publicKey, []],
	['RSA 3072', () => toPublic({ ...user, type: 'rsa', rsaBits: 3072, subkeys: [] }), []],
	['NIST P-256', () => toPublic({ ...user, type: 'ecc', curve: 'nistP256', subkeys: [] }), []],
	[
		'RSA 2048',
		() => toPublic({ ...user, type: 'rsa', rsaBits: 2048, subkeys: [] }),
		['error APT_KEY_ALGORITHM'],
	],
	[
		'the newer Ed25519 id (27)',
		() => toPublic({ ...user, type: 'curve25519', subkeys: [] }),
		['error APT_KEY_ALGORITHM'],
	],
	[
		'version 6',
		() => toPublic({ ...user, type: 'curve25519', subkeys: [], config: { v6Keys: true } }),
		['error APT_KEY_VERSION', 'error APT_KEY_ALGORITHM'],
	],
	[
		'a key that never expires',
		() => toPublic({ ...user, type: 'ecc', curve: 'ed25519Legacy', subkeys: [] }),
		[],
	],
	[
		'89 days left',
		async () => (await generateSigningKey({ ...ADA, days: 89 })).publicKey,
		['warning APT_KEY_EXPIRES_SOON'],
	],
	[
		'a key from the future',
		async () => (await generateSigningKey({ ...ADA, createdAt: Date.now() + DAY_MS })).publicKey,
		['error APT_KEY_NOT_YET_VALID'],
	],
	[
		'an expired key',
		async () => (await generateSigningKey({ ...ADA, days: 1, createdAt: Date.now() - 2 * DAY_MS })).publicKey,
		['error APT_KEY_EXPIRED'],
	],
];

describe('whether apt accepts a key', () => {
	test.each(verdicts)('%s', async (_name, make, expected) => {
		const findings = await checkSigningKey({ publicKey: await make() }, Date.now());
		expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
	});
});

describeWith('gpg', 'keys made by gpg', () => {
	const gpg = (...options: readonly string[]): string =>
		execFileSync(
			'gpg',
			['--homedir', folder, '--batch', '--quiet', '--pinentry-mode', 'loopback', ...options],
			{
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'ignore'],
			},
		);
	const make = (...options: readonly string[]): string => {
		gpg(
			...options,
			'--passphrase',
			'',
			'--quick-generate-key',
			'Ada <ada@example.org>',
			'ed25519',
			'sign',
			'1y',
		);
		return gpg('--armor', '--export');
	};
	const end = () => spawnSync('gpgconf', ['--homedir', folder, '--kill', 'gpg-agent']);

	test('a good one is accepted, and signs', async () => {
		try {
			expect(await checkSigningKey({ publicKey: make() }, Date.now())).toEqual([]);
			const key = await readSigningKey(gpg('--armor', '--export-secret-keys'));
			const signed = await key.clearSign(TEXT, Date.now());
			expect(gpgv(writeKeyring(key.publicKey), write('InRelease', signed)).stdout).toMatch(
				/VALIDSIG .* 22 10 01 /,
			);
		} finally {
			end();
		}
	});

	test("gpg's usual pair, Ed25519 with a subkey for encryption, is accepted, and signs", async () => {
		try {
			gpg('--passphrase', '', '--quick-generate-key', 'Ada <ada@example.org>', 'future-default');
			expect(gpg('--with-colons', '--list-keys')).toMatch(/^sub:.*:18:.*:cv25519:/m);
			const key = await readSigningKey(gpg('--armor', '--export-secret-keys'));
			const codes = (await checkSigningKey(key, Date.now())).map(({ code }) => code);
			expect(codes.filter((code) => code !== 'APT_KEY_EXPIRES_SOON')).toEqual([]);
			const signed = await key.clearSign(TEXT, Date.now());
			const verdict = gpgv(writeKeyring(key.publicKey), write('InRelease', signed));
			expect(verdict.stdout).toContain(`VALIDSIG ${key.fingerprint} `);
			expect(verdict.status).toBe(0);
		} finally {
			end();
		}
	});

	test('a subkey that signs is looked at: apt would have to verify it', async () => {
		try {
			make();
			const fingerprint = /fpr:+([0-9A-F]{40}):/.exec(gpg('--with-colons', '--list-keys'))?.[1] ?? '';
			gpg('--passphrase', '', '--quick-add-key', fingerprint, 'rsa2048', 'sign', '1y');
			const findings = await checkSigningKey({ publicKey: gpg('--armor', '--export') }, Date.now());
			expect(findings.map(({ code }) => code)).toEqual(['APT_KEY_ALGORITHM']);
		} finally {
			end();
		}
	});

	test('a self-signature by SHA-1 is refused: apt 2.6 says nothing, apt 3 stops', async () => {
		try {
			const publicKey = make('--cert-digest-algo', 'SHA1');
			const codes = (await checkSigningKey({ publicKey }, Date.now())).map(({ code }) => code);
			expect(codes).toContain('APT_KEY_SELF_SIGNATURE');
		} finally {
			end();
		}
	});

	test('a revoked key is refused', async () => {
		try {
			make();
			const fingerprint = /fpr:+([0-9A-F]{40}):/.exec(gpg('--with-colons', '--list-keys'))?.[1] ?? '';
			const certificate = readFileSync(join(folder, 'openpgp-revocs.d', `${fingerprint}.rev`), 'utf8');
			gpg('--import', write('revoked.asc', certificate.replace(':-----BEGIN', '-----BEGIN')));
			const codes = (await checkSigningKey({ publicKey: gpg('--armor', '--export') }, Date.now())).map(
				({ code }) => code,
			);
			expect(codes).toContain('APT_KEY_REVOKED');
		} finally {
			end();
		}
	});
});
