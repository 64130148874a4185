// F6: thousands of single bits (in `npm test` hundreds) turned over in bundles and files, from a seed. A flip counts as a false accept when what
// was verified then differs from the original in anything but the digest of the bundle's bytes. What may pass are
// flips that leave the meaning: the number of an entry in its log, which nothing signs in Rekor v2, and certificates that
// a timestamp carries for convenience, of which those of the trusted root are used.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { SlipwayError } from '@slipway/core';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { isWhole } from '@slipway/testing';
import { type Trust, type VerifiedAttestation, verifyBundle } from './index.ts';
import { type Making, makeBundle, toBytes, toPublicPem } from './sigstore-bundle.fixture.ts';
import {
	ARTIFACT,
	clock,
	DIGEST,
	openLocalTrust,
	toPolicy,
	toProvenance,
	toSigner,
} from './verify-bundle.fixture.ts';

const FLIPS = isWhole() ? 10_000 : 800;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

let sigstore: LocalSigstore;
let trust: Trust;
beforeAll(async () => {
	sigstore = await startSigstore();
	trust = await openLocalTrust(sigstore);
});
afterAll(() => sigstore.stop());

/** A linear congruential generator (Numerical Recipes): the same flips in every run. */
const createRandom = (seed: number) => {
	let state = seed;
	return (below: number): number => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
};

const flip = (bytes: Uint8Array, bit: number): Uint8Array => {
	const copy = Uint8Array.from(bytes);
	copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
	return copy;
};

/** Everything that was verified; the number of an entry is the log's own affair. */
const toMeaning = ({ bundleDigest: _, logs, ...rest }: VerifiedAttestation): string =>
	JSON.stringify({ ...rest, logs: logs.map(({ logIndex: __, ...log }) => log) });

const KINDS: readonly (readonly [string, Partial<Making>])[] = [
	['certificate, Rekor v1, timestamp', {}],
	['certificate, Rekor v2, timestamp', { witnesses: ['rekor-v2', 'tsa'] }],
	['key, nothing else', { key, witnesses: [] }],
	['key, Rekor v1, timestamp', { key }],
];

const openVerifier = () => {
	const policy = toPolicy([toSigner(sigstore), { name: 'key', key: toPublicPem(key) }]);
	return (bundle: Uint8Array) => verifyBundle(bundle, { trust, policy, subject: DIGEST, clock });
};

/** What became of a flip: refused by us, or what was accepted, or an error that is not ours. */
const judge = (verify: ReturnType<typeof openVerifier>, bundle: Uint8Array): string => {
	try {
		return toMeaning(verify(bundle));
	} catch (error) {
		const isOurs = error instanceof SlipwayError && error.code.startsWith('VERIFY_') && error.hint !== '';
		return isOurs ? 'refused' : String(error);
	}
};

test.each(KINDS)(
	'%s',
	async (_, making) => {
		const verify = openVerifier();
		const original = toBytes(await makeBundle(sigstore, { payload: toProvenance(), ...making }));
		const fine = new Set(['refused', toMeaning(verify(original))]);
		const random = createRandom(original.length);
		const wrong: string[] = [];
		let refused = 0;
		for (let count = 0; count < FLIPS / KINDS.length; count += 1) {
			const bit = random(original.length * 8);
			const verdict = judge(verify, flip(original, bit));
			if (!fine.has(verdict)) wrong.push(`bit ${bit}: ${verdict}`);
			if (verdict === 'refused') refused += 1;
		}
		expect(wrong).toEqual([]);
		expect(refused / (FLIPS / KINDS.length)).toBeGreaterThan(isWhole() ? 0.85 : 0.8);
	},
	900_000,
);

test('files', async () => {
	const original = toBytes(await makeBundle(sigstore, { payload: toProvenance() }));
	const random = createRandom(1);
	const policy = toPolicy([toSigner(sigstore)]);
	for (let count = 0; count < FLIPS / 10; count += 1) {
		const changed = flip(ARTIFACT, random(ARTIFACT.length * 8));
		const subject = { sha256: createHash('sha256').update(changed).digest('hex') };
		expect(() => verifyBundle(original, { trust, policy, subject, clock })).toThrow(
			expect.objectContaining({ code: 'VERIFY_SUBJECT_MISMATCH' }),
		);
	}
});
