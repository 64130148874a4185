import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import type { Claims } from '../issuer/claims.ts';
import { type LocalSigstore, startSigstore } from '../start-sigstore.ts';

let sigstore: LocalSigstore;
let stranger: LocalSigstore;
beforeAll(async () => {
	[sigstore, stranger] = await Promise.all([startSigstore(), startSigstore()]);
});
afterAll(() => Promise.all([sigstore.stop(), stranger.stop()]));

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const SUBJECT = 'repo:example/greet:ref:refs/tags/v1.0.0';

interface SigningReply {
	readonly code?: number;
	readonly signedCertificateEmbeddedSct?: { readonly chain: { readonly certificates: readonly string[] } };
}

const ask = async (token: string, subject = SUBJECT, key = privateKey) => {
	const reply = await fetch(`${sigstore.url}/api/v2/signingCert`, {
		method: 'POST',
		body: JSON.stringify({
			credentials: { oidcIdentityToken: token },
			publicKeyRequest: {
				publicKey: { algorithm: 'ECDSA', content: publicKey.export({ type: 'spki', format: 'pem' }) },
				proofOfPossession: sign('sha256', Buffer.from(subject), key).toString('base64'),
			},
		}),
	});
	const json: SigningReply = JSON.parse(await reply.text());
	return { status: reply.status, json };
};

const askCertificates = async (claims: Claims): Promise<X509Certificate[]> => {
	const { json } = await ask(sigstore.token(claims));
	return (json.signedCertificateEmbeddedSct?.chain.certificates ?? []).map((pem) => new X509Certificate(pem));
};

/** What one extension holds, as text. */
const readExtension = (certificate: X509Certificate, oid: string): string => {
	const at = certificate.raw.indexOf(Buffer.from(oid, 'hex'));
	const [, length = 0] = certificate.raw.subarray(at + oid.length / 2);
	return certificate.raw.subarray(at + oid.length / 2 + 2, at + oid.length / 2 + 2 + length).toString();
};

const toArc = (arc: number) => `060a2b0601040183bf3001${arc.toString(16).padStart(2, '0')}`;

test('the certificate names the workflow, for ten minutes, and is signed up to the root', async () => {
	const [leaf, intermediate, root] = await askCertificates({});
	expect(leaf?.subject).toBeUndefined();
	expect(leaf?.subjectAltName).toBe(
		'URI:https://github.com/example/greet/.github/workflows/release.yml@refs/tags/v1.0.0',
	);
	expect(leaf?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.3']);
	expect(leaf?.ca).toBe(false);
	expect(Number(leaf?.validToDate) - Number(leaf?.validFromDate)).toBe(600_000);
	expect(intermediate && leaf?.checkIssued(intermediate) && leaf.verify(intermediate.publicKey)).toBe(true);
	expect(root && intermediate?.checkIssued(root) && intermediate.verify(root.publicKey)).toBe(true);
	expect(leaf?.publicKey.equals(publicKey)).toBe(true);
});

test.each([
	[2, 'push'],
	[5, 'example/greet'],
	[9, '\u000cOhttps://github.com/example/greet/.github/workflows/release.yml@refs/tags/v1.0.0'],
	[11, '\u000c\rgithub-hosted'],
	[15, '\u000c\u00041001'],
	[21, '\u000c=https://github.com/example/greet/actions/runs/3003/attempts/1'],
	[22, '\u000c\u0006public'],
])('extension %i comes from the claims', async (arc, text) => {
	const [leaf] = await askCertificates({});
	expect(leaf && readExtension(leaf, toArc(arc))).toBe(text);
});

test('another workflow gets a certificate of its own name', async () => {
	const [leaf] = await askCertificates({
		job_workflow_ref: 'other/place/.github/workflows/w.yml@refs/heads/main',
	});
	expect(leaf?.subjectAltName).toBe(
		'URI:https://github.com/other/place/.github/workflows/w.yml@refs/heads/main',
	);
});

const expired = () => sigstore.token({ exp: Math.floor(Date.now() / 1000) - 1 });
const early = () => sigstore.token({ nbf: Math.floor(Date.now() / 1000) + 600 });
const forged = () => {
	const [head, body, signature] = sigstore.token().split('.');
	const claims = JSON.parse(Buffer.from(body ?? '', 'base64url').toString());
	const changed = Buffer.from(JSON.stringify({ ...claims, ref: 'refs/heads/main' })).toString('base64url');
	return `${head}.${changed}.${signature}`;
};

test.each([
	['of another issuer', () => stranger.token(), 401],
	[
		'with the name of this issuer and the key of another',
		() => stranger.token({ iss: sigstore.issuer }),
		401,
	],
	['for another audience', () => sigstore.token({ aud: 'npm' }), 401],
	['that has expired', expired, 401],
	['that is not valid yet', early, 401],
	['with an edited claim', forged, 401],
	['that is no token', () => 'x', 401],
	['without the runner environment', () => sigstore.token({ runner_environment: null }), 400],
])('a token %s is refused', async (_, toToken, status) => {
	expect((await ask(toToken())).status).toBe(status);
});

test.each([
	['of another subject', 'repo:other', privateKey],
	['with another key', SUBJECT, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
])('a proof of possession %s is refused', async (_, subject, key) => {
	expect(await ask(sigstore.token(), subject, key)).toMatchObject({ status: 400, json: { code: 3 } });
});

test('a request without anything is refused', async () => {
	const reply = await fetch(`${sigstore.url}/api/v2/signingCert`, { method: 'POST', body: '[]' });
	expect(reply.status).toBe(400);
});
