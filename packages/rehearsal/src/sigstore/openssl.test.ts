import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { type LocalSigstore, startSigstore } from './start-sigstore.ts';

const DATA = 'what is stamped';

describeWith('openssl', 'what openssl says of certificates and timestamps', () => {
	let sigstore: LocalSigstore;
	let folder: string;
	beforeAll(async () => {
		sigstore = await startSigstore();
		folder = mkdtempSync(join(tmpdir(), 'slipway-openssl-'));
		writeFileSync(join(folder, 'data'), DATA);
		writeChain();
	});
	afterAll(async () => {
		await sigstore.stop();
		rmSync(folder, { recursive: true });
	});

	const openssl = (...args: string[]) => {
		const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
		return { status, output: stdout + stderr };
	};

	/** signer.pem and root.pem of the timestamp authority, intermediate.pem and ca.pem of the other one. */
	const writeChain = () => {
		const { timestampAuthorities, certificateAuthorities } = sigstore.trustedRoot as Record<
			string,
			{ certChain: { certificates: { rawBytes: string }[] } }[]
		>;
		const names = ['signer.pem', 'root.pem', 'intermediate.pem', 'ca.pem'];
		const chains = [timestampAuthorities, certificateAuthorities].map(
			(list) => list?.[0]?.certChain.certificates,
		);
		for (const [index, certificate] of chains.flat().entries()) {
			const lines = certificate?.rawBytes.replace(/(.{64})(?=.)/g, '$1\n');
			const pem = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
			writeFileSync(join(folder, names[index] ?? ''), pem);
		}
	};

	const stamp = async (...options: string[]) => {
		openssl('ts', '-query', '-data', 'data', '-sha256', ...options, '-out', 'query');
		const body = readFileSync(join(folder, 'query'));
		const reply = await fetch(`${sigstore.url}/api/v1/timestamp`, {
			method: 'POST',
			headers: { 'content-type': 'application/timestamp-query' },
			body,
		});
		writeFileSync(join(folder, 'reply'), Buffer.from(await reply.arrayBuffer()));
		return reply;
	};

	const verify = () =>
		openssl(
			'ts',
			'-verify',
			'-queryfile',
			'query',
			'-in',
			'reply',
			'-CAfile',
			'root.pem',
			'-untrusted',
			'signer.pem',
		);

	test.each([[['-cert']], [['-cert', '-no_nonce']], [['-no_nonce']], [[]]])(
		'a timestamp verifies: %j',
		async (options) => {
			const reply = await stamp(...options);
			expect(reply.status).toBe(201);
			expect(reply.headers.get('content-type')).toBe('application/timestamp-reply');
			expect(verify()).toMatchObject({ status: 0 });
		},
	);

	test.each(['wrong-nonce', 'other-bytes', 'other-authority', 'rejected'] as const)(
		'a timestamp that lies is refused: %s',
		async (lie) => {
			sigstore.faults.inject({ service: 'tsa', fault: { kind: 'lie', lie } });
			await stamp('-cert');
			expect(verify().status).not.toBe(0);
		},
	);

	test('a timestamp of a request in JSON verifies too', async () => {
		const reply = await fetch(`${sigstore.url}/api/v1/timestamp`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				artifactHash: createHash('sha256').update(DATA).digest('base64'),
				hashAlgorithm: 'sha256',
				certificates: true,
			}),
		});
		writeFileSync(join(folder, 'reply'), Buffer.from(await reply.arrayBuffer()));
		expect(openssl('ts', '-verify', '-data', 'data', '-in', 'reply', '-CAfile', 'root.pem')).toMatchObject({
			status: 0,
		});
	});

	test('a signing certificate verifies for its purpose, and its request may be PKCS #10', async () => {
		openssl(
			'req',
			'-new',
			'-newkey',
			'ec',
			'-pkeyopt',
			'ec_paramgen_curve:P-256',
			'-nodes',
			'-subj',
			'/CN=x',
			'-keyout',
			'key',
			'-out',
			'csr',
		);
		const csr = readFileSync(join(folder, 'csr'));
		const reply = await fetch(`${sigstore.url}/api/v2/signingCert`, {
			method: 'POST',
			body: JSON.stringify({
				credentials: { oidcIdentityToken: sigstore.token() },
				certificateSigningRequest: csr.toString('base64'),
			}),
		});
		const json = JSON.parse(await reply.text());
		writeFileSync(join(folder, 'leaf.pem'), json.signedCertificateEmbeddedSct.chain.certificates[0]);
		const verdict = openssl(
			'verify',
			'-x509_strict',
			'-CAfile',
			'ca.pem',
			'-untrusted',
			'intermediate.pem',
			'leaf.pem',
		);
		expect(verdict).toMatchObject({ status: 0 });
		const text = openssl('x509', '-in', 'leaf.pem', '-noout', '-text').output;
		expect(text).toContain('CT Precertificate SCTs');
		expect(text).toContain('Code Signing');
	});
});
