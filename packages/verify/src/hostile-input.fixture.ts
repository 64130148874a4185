// Bundles and trusted roots that are to be refused quickly, whatever they do to their reader. Kept: each was tried.
import type { BundleDraft } from './sigstore-bundle.fixture.ts';

const V01 = 'application/vnd.dev.sigstore.bundle+json;version=0.1';

const set =
	(path: string, value: unknown) =>
	(bundle: BundleDraft): string => {
		const copy = structuredClone(bundle) as object;
		const steps = path.split('.');
		const last = steps.pop() ?? '';
		const parent = steps.reduce<Record<string, never>>((at, step) => at[step] as never, copy as never);
		(parent as Record<string, unknown>)[last] = value;
		return JSON.stringify(copy);
	};

const text =
	(change: (text: string) => string) =>
	(bundle: BundleDraft): string =>
		change(JSON.stringify(bundle));

const ENTRY = 'verificationMaterial.tlogEntries.0';

/** H7, H8, H9, H13: what is made of a good bundle. */
export const HOSTILE_BUNDLES: Readonly<Record<string, (bundle: BundleDraft) => string | Uint8Array>> = {
	nothing: () => '',
	'no JSON': () => '{"mediaType":',
	'not UTF-8': () => Uint8Array.of(0x7b, 0xff, 0xfe),
	'a list': () => '[]',
	null: () => 'null',
	'100,000 brackets': () => '['.repeat(100_000),
	'depth inside': set('verificationMaterial.deep', JSON.parse('['.repeat(40) + ']'.repeat(40))),
	'a key twice': text((json) => json.replace('{', '{"mediaType":"x",')),
	'a signature twice by key': text((json) => json.replace('"sig":', '"sig":"AAAA","sig":')),
	'a prototype key': text((json) => json.replace('{', '{"__proto__":{},')),
	'an unknown field': set('verificationMaterial.extra', 1),
	'an unknown field in a log entry': set(`${ENTRY}.extra`, 1),
	'an unknown version': set('mediaType', 'application/vnd.dev.sigstore.bundle.v9.9+json'),
	'a version with something behind it': set('mediaType', `${V01}.9`),
	'no version': set('mediaType', 'application/json'),
	'version 0.1 with a single certificate': set('mediaType', V01),
	'a chain in version 0.3': text((json) =>
		json.replace(/"certificate":(\{[^}]*\})/, '"x509CertificateChain":{"certificates":[$1]}'),
	),
	'an empty chain': text((json) =>
		json.replace(/"certificate":\{[^}]*\}/, '"x509CertificateChain":{"certificates":[]}'),
	),
	'certificate and key': set('verificationMaterial.publicKey', { hint: '' }),
	'no certificate and no key': text((json) => json.replace(/"certificate":\{[^}]*\},/, '')),
	'a certificate of nothing': set('verificationMaterial.certificate.rawBytes', ''),
	'a certificate of noise': set(
		'verificationMaterial.certificate.rawBytes',
		Buffer.alloc(900, 0x30).toString('base64'),
	),
	'a certificate of deep DER': set(
		'verificationMaterial.certificate.rawBytes',
		Buffer.concat(Array.from({ length: 3000 }, () => Buffer.of(0x30, 0x82, 0x20, 0x00))).toString('base64'),
	),
	'a certificate of 1 MiB': set('verificationMaterial.certificate.rawBytes', 'A'.repeat(1_398_104)),
	'a timestamp of noise': set('verificationMaterial.timestampVerificationData.rfc3161Timestamps', [
		{ signedTimestamp: Buffer.alloc(500, 0x31).toString('base64') },
	]),
	'a timestamp of one byte': set('verificationMaterial.timestampVerificationData.rfc3161Timestamps', [
		{ signedTimestamp: 'MA==' },
	]),
	'1,000 timestamps': set(
		'verificationMaterial.timestampVerificationData.rfc3161Timestamps',
		Array.from({ length: 1000 }, () => ({ signedTimestamp: 'MAA=' })),
	),
	'1,000 log entries': (bundle) =>
		set(
			'verificationMaterial.tlogEntries',
			Array.from({ length: 1000 }, () => bundle.verificationMaterial.tlogEntries[0]),
		)(bundle),
	'a log entry of 8 MiB': set(`${ENTRY}.canonicalizedBody`, 'A'.repeat(8 * 1024 * 1024)),
	'a log entry that is no JSON': set(`${ENTRY}.canonicalizedBody`, 'AAAA'),
	'a log entry that is null': set(`${ENTRY}.canonicalizedBody`, Buffer.from('null').toString('base64')),
	'a log entry of deep JSON': set(
		`${ENTRY}.canonicalizedBody`,
		Buffer.from('['.repeat(90_000)).toString('base64'),
	),
	'a negative log index': set(`${ENTRY}.logIndex`, '-1'),
	'a log index of 400 digits': set(`${ENTRY}.logIndex`, '9'.repeat(400)),
	'a time of the year 300,000,000': set(`${ENTRY}.integratedTime`, '9'.repeat(18)),
	'10,000 hashes': set(
		`${ENTRY}.inclusionProof.hashes`,
		Array.from({ length: 10_000 }, () => 'AAAA'),
	),
	'a checkpoint without an end': set(`${ENTRY}.inclusionProof.checkpoint.envelope`, 'a\n'.repeat(5000)),
	'a checkpoint of signatures': set(
		`${ENTRY}.inclusionProof.checkpoint.envelope`,
		`a\n1\nAAAA\n\n${'\u2014 127.0.0.1 AAAAAAAAAA\n'.repeat(300)}`,
	),
	'a checkpoint of 1 MiB': set(`${ENTRY}.inclusionProof.checkpoint.envelope`, 'a'.repeat(1024 * 1024)),
	'base64 with spaces': text((json) => json.replace(/"sig":"(.)/, '"sig":"$1 ')),
	'base64 for URLs': text((json) => json.replace(/"sig":"...../, '"sig":"-_-_-')),
	'base64 without padding': text((json) => json.replace(/=+"/, '"')),
	'a payload of 40 MiB': set('dsseEnvelope.payload', 'A'.repeat(40 * 1024 * 1024)),
	'an envelope and a message': set('messageSignature', {
		messageDigest: { algorithm: 'SHA2_256', digest: 'AAAA' },
		signature: 'AAAA',
	}),
	'1,000 signatures': set(
		'dsseEnvelope.signatures',
		Array.from({ length: 1000 }, () => ({ sig: 'AAAA' })),
	),
	'numbers for texts': set('dsseEnvelope.payloadType', 7),
};

type Root = Record<string, unknown>;
const change =
	(apply: (root: Record<string, ReturnType<typeof JSON.parse>>) => void) =>
	(root: Root): string => {
		const copy = structuredClone(root);
		apply(copy as never);
		return JSON.stringify(copy);
	};

/** The same for trusted roots. */
export const HOSTILE_ROOTS: Readonly<Record<string, (root: Root) => string>> = {
	nothing: () => '',
	'a list': () => '[]',
	'100,000 brackets': () => '{"a":'.repeat(100_000),
	'a key twice': (root) => JSON.stringify(root).replace('{', '{"tlogs":[],'),
	'an unknown version': change((root) => {
		root.mediaType = 'application/vnd.dev.sigstore.trustedroot+json;version=9';
	}),
	'a log without a beginning': change((root) => {
		delete root.tlogs[0].publicKey.validFor.start;
	}),
	'a log without a window': change((root) => {
		delete root.tlogs[0].publicKey.validFor;
	}),
	'a certificate log without a beginning': change((root) => {
		delete root.ctlogs[0].publicKey.validFor.start;
	}),
	'an authority without a beginning': change((root) => {
		delete root.certificateAuthorities[0].validFor.start;
	}),
	'a timestamp authority without a window': change((root) => {
		delete root.timestampAuthorities[0].validFor;
	}),
	'a log without a key': change((root) => {
		delete root.tlogs[0].publicKey.rawBytes;
	}),
	'a log with a key of noise': change((root) => {
		root.tlogs[0].publicKey.rawBytes = 'AAAA';
	}),
	'a log without a name': change((root) => {
		delete root.tlogs[0].logId;
	}),
	'an authority without certificates': change((root) => {
		root.certificateAuthorities[0].certChain.certificates = [];
	}),
	'an authority of noise': change((root) => {
		root.certificateAuthorities[0].certChain.certificates[0].rawBytes = 'MAA=';
	}),
	'a time that is none': change((root) => {
		root.tlogs[0].publicKey.validFor.start = 'yesterday';
	}),
	'100 logs': change((root) => {
		root.tlogs = Array.from({ length: 100 }, () => root.tlogs[0]);
	}),
	'2 MiB': change((root) => {
		root.note = 'x'.repeat(2 * 1024 * 1024);
	}),
};
