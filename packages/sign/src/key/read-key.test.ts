import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STATEMENT_PAYLOAD_TYPE, toPae } from '@slipway/core/attestation';
import { describeWith } from '@slipway/testing';
import { toPublicSigningConfig } from '../services/public-instance.ts';
import { toContext, toJson, toTestStatement } from '../sigstore.fixture.ts';
import { openSigner } from '../statement-signer.ts';
import { readKeySigner } from './read-key.ts';

const PASSPHRASE = 'correct horse';
const toPem = (key: { readonly privateKey: import('node:crypto').KeyObject }, encrypted = false): string =>
	key.privateKey
		.export({
			type: 'pkcs8',
			format: 'pem',
			...(encrypted && { cipher: 'aes-256-cbc', passphrase: PASSPHRASE }),
		} as { type: 'pkcs8'; format: 'pem' })
		.toString();
const toEc = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const toRsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });

describe('keys that are refused', () => {
	test.each([
		['P-384', () => toEc('P-384'), 'SIGN_KEY_UNSUPPORTED'],
		['secp256k1', () => toEc('secp256k1'), 'SIGN_KEY_UNSUPPORTED'],
		['RSA of 2048 bits', () => toRsa(2048), 'SIGN_KEY_UNSUPPORTED'],
		['RSA-PSS', () => generateKeyPairSync('rsa-pss', { modulusLength: 3072 }), 'SIGN_KEY_UNSUPPORTED'],
		['Ed448', () => generateKeyPairSync('ed448'), 'SIGN_KEY_UNSUPPORTED'],
		['X25519', () => generateKeyPairSync('x25519'), 'SIGN_KEY_UNSUPPORTED'],
	])('%s', (_, make, code) => {
		expect(() => readKeySigner(toPem(make()))).toThrow(expect.objectContaining({ code }));
	});

	test.each([
		['nothing', ''],
		['no PEM', 'key'],
		['a public key', toEc('P-256').publicKey.export({ type: 'spki', format: 'pem' }).toString()],
		['half a key', toPem(toEc('P-256')).slice(0, 80)],
		['a megabyte', 'x'.repeat(1024 * 1024)],
	])('%s', (_, pem) => {
		expect(() => readKeySigner(pem)).toThrow(expect.objectContaining({ code: 'SIGN_KEY_INVALID' }));
	});

	test('an encrypted one without its passphrase, or with another', () => {
		const pem = toPem(toEc('P-256'), true);
		for (const passphrase of [undefined, '', 'another'])
			expect(() => readKeySigner(pem, passphrase)).toThrow(
				expect.objectContaining({ code: 'SIGN_KEY_PASSPHRASE' }),
			);
	});

	test('no message quotes what was read', () => {
		const pem = toPem(toEc('P-384'));
		for (const text of [pem, pem.slice(0, 100), pem.replace('PRIVATE', 'PRIVAT')])
			try {
				readKeySigner(text, 'a passphrase');
			} catch (error) {
				expect(JSON.stringify(error) + (error as Error).message).not.toContain(pem.slice(40, 70));
			}
	});
});

describeWith('openssl', 'openssl agrees', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'keys-'));
	});
	afterEach(() => rmSync(folder, { recursive: true }));
	const openssl = (...args: string[]): string =>
		execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

	const KEYS: readonly [name: string, ...commands: string[][]][] = [
		['P-256 (SEC 1)', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'key.pem']],
		[
			'P-256 (PKCS #8)',
			['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'key.pem'],
		],
		['RSA 3072', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072', '-out', 'key.pem']],
		['RSA 4096 (PKCS #1)', ['genrsa', '-traditional', '-out', 'key.pem', '4096']],
		['Ed25519', ['genpkey', '-algorithm', 'ED25519', '-out', 'key.pem']],
		[
			'P-256, encrypted (PKCS #8)',
			[
				'genpkey',
				'-algorithm',
				'EC',
				'-pkeyopt',
				'ec_paramgen_curve:P-256',
				'-aes-256-cbc',
				'-pass',
				`pass:${PASSPHRASE}`,
				'-out',
				'key.pem',
			],
		],
		[
			'P-256, encrypted (traditional)',
			['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'plain.pem'],
			['ec', '-in', 'plain.pem', '-aes256', '-passout', `pass:${PASSPHRASE}`, '-out', 'key.pem'],
		],
		[
			'Ed25519, encrypted',
			['genpkey', '-algorithm', 'ED25519', '-aes-256-cbc', '-pass', `pass:${PASSPHRASE}`, '-out', 'key.pem'],
		],
	];

	test.each(KEYS)('%s', async (name, ...commands) => {
		for (const command of commands) openssl(...command);
		openssl('pkey', '-in', 'key.pem', '-passin', `pass:${PASSPHRASE}`, '-pubout', '-out', 'key.pub');
		const key = readKeySigner(readFileSync(join(folder, 'key.pem'), 'utf8'), PASSPHRASE);
		expect(key.publicKey).toBe(readFileSync(join(folder, 'key.pub'), 'utf8'));
		const digest = openssl('pkey', '-pubin', '-in', 'key.pub', '-outform', 'DER', '-out', 'key.der');
		expect(digest).toBe('');
		expect(openssl('dgst', '-sha256', '-r', 'key.der').slice(0, 64)).toBe(
			Buffer.from(key.hint, 'base64').toString('hex'),
		);

		const none = { ...toPublicSigningConfig(), rekorTlogUrls: [], tsaUrls: [] };
		const signer = await openSigner({ services: none, key, context: toContext() });
		const { dsseEnvelope } = toJson(await signer.attest(toTestStatement()));
		const payload = Buffer.from(dsseEnvelope.payload, 'base64');
		const signature = Buffer.from(dsseEnvelope.signatures[0].sig, 'base64');
		const verify = (pae: Uint8Array): string => {
			writeFileSync(join(folder, 'pae'), pae);
			writeFileSync(join(folder, 'sig'), signature);
			return name.startsWith('Ed25519')
				? openssl(
						'pkeyutl',
						'-verify',
						'-pubin',
						'-inkey',
						'key.pub',
						'-rawin',
						'-in',
						'pae',
						'-sigfile',
						'sig',
					)
				: openssl('dgst', '-sha256', '-verify', 'key.pub', '-signature', 'sig', 'pae');
		};
		expect(verify(toPae(STATEMENT_PAYLOAD_TYPE, payload))).toMatch(
			/Verified (OK|Successfully)|Signature Verified/,
		);
		payload[10] = (payload[10] ?? 0) ^ 1;
		expect(() => verify(toPae(STATEMENT_PAYLOAD_TYPE, payload))).toThrow();
	});
});
