// Verifying bundles with certificate, log and timestamp: in a batch, with many subjects, and beside cosign and the
// Sigstore library alone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PREDICATE_TYPES, type Statement, toStatement } from '@slipway/core/attestation';
import { type PinnedPolicy, parsePolicy } from '@slipway/core/policy';
import { type LocalSigstore, RUN_CLAIMS, startSigstore } from '@slipway/rehearsal/sigstore';
import { openSigner, parseSigningConfig } from '@slipway/sign';
import { openTrust, verifyBundle } from '@slipway/verify';
import { type BenchContext, type BenchRow, measure, toPeerRow, toSpread } from './row.ts';

const COUNT = 100;
const RUNS = 7;
const IDENTITY = `https://github.com/${RUN_CLAIMS.job_workflow_ref}`;

const clock = { now: () => Date.now(), sleep: async (ms: number) => void (await setTimeout(ms)) };
const context = {
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock,
	signal: new AbortController().signal,
};

const toFile = (number: number): Buffer => Buffer.from(`the bytes of file ${number}`);
const toSubject = (number: number) => ({
	name: `artifact-${number}.tgz`,
	digest: { sha256: createHash('sha256').update(toFile(number)).digest('hex') },
});
const PREDICATE = { buildDefinition: { buildType: 'urn:slipway:bench' } };
const toProvenance = (numbers: readonly number[]): Statement =>
	toStatement(PREDICATE_TYPES.provenance, numbers.map(toSubject), PREDICATE);

/** @param certificates one for all, as a release is signed, or one for each */
const makeBundles = async (sigstore: LocalSigstore, certificates: 'one' | 'each'): Promise<Uint8Array[]> => {
	const services = parseSigningConfig(JSON.stringify(sigstore.signingConfig));
	const open = () => openSigner({ services, identityToken: async () => sigstore.token(), context });
	const shared = await open();
	const bundles: Uint8Array[] = [];
	for (let number = 0; number < COUNT; number += 1) {
		const signer = certificates === 'one' ? shared : await open();
		bundles.push(await signer.attest(toProvenance([number])));
	}
	return bundles;
};

const toTrustedRoot = (sigstore: LocalSigstore): Uint8Array =>
	Buffer.from(JSON.stringify(sigstore.trustedRoot));

const toPolicy = ({ issuer }: LocalSigstore): PinnedPolicy =>
	parsePolicy(
		Buffer.from(JSON.stringify({ policy: 1, signers: [{ name: 'bench', issuer, identity: IDENTITY }] })),
	);

/** Milliseconds a bundle; each run opens the trusted root anew, so that nothing is known from the run before. */
const measureBatch = async (sigstore: LocalSigstore, bundles: readonly Uint8Array[]): Promise<number[]> => {
	const policy = toPolicy(sigstore);
	const samples = await measure(RUNS, async () => {
		const trust = await openTrust({ trustedRoot: toTrustedRoot(sigstore), clock });
		for (const [number, bundle] of bundles.entries())
			verifyBundle(bundle, { trust, policy, subject: toSubject(number).digest, clock });
	});
	return samples.map((ms) => ms / bundles.length);
};

const measureSubjects = async (sigstore: LocalSigstore): Promise<readonly number[]> => {
	const services = parseSigningConfig(JSON.stringify(sigstore.signingConfig));
	const signer = await openSigner({ services, identityToken: async () => sigstore.token(), context });
	const numbers = Array.from({ length: 1000 }, (_, number) => number);
	const bundle = await signer.attest(toProvenance(numbers));
	const trust = await openTrust({ trustedRoot: toTrustedRoot(sigstore), clock });
	const policy = toPolicy(sigstore);
	return measure(RUNS, () => {
		const { statement } = verifyBundle(bundle, { trust, policy, clock });
		const known = new Set(statement.subject.map(({ digest }) => digest.sha256));
		if (!numbers.every((number) => known.has(toSubject(number).digest.sha256)))
			throw new Error('a subject is missing');
	});
};

/** The library by itself, as its users call it: one trusted root for all. */
const measureLibrary = async (sigstore: LocalSigstore, bundles: readonly Uint8Array[]): Promise<number[]> => {
	const [{ bundleFromJSON }, { TrustedRoot }, { toSignedEntity, toTrustMaterial, Verifier }] =
		await Promise.all([
			import('@sigstore/bundle'),
			import('@sigstore/protobuf-specs'),
			import('@sigstore/verify'),
		]);
	const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(sigstore.trustedRoot)), {
		timestampThreshold: 2,
	});
	const samples = await measure(RUNS, () => {
		for (const bundle of bundles)
			verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(Buffer.from(bundle).toString()))));
	});
	return samples.map((ms) => ms / bundles.length);
};

/** One process each: ten bundles in a row. */
const measureCosign = async (
	sigstore: LocalSigstore,
	bundles: readonly Uint8Array[],
	{ tempDir, findPeer, log }: BenchContext,
): Promise<readonly number[] | undefined> => {
	const cosign = findPeer('cosign');
	if (!cosign) return undefined;
	const file = (name: string): string => join(tempDir, name);
	writeFileSync(file('root.json'), toTrustedRoot(sigstore));
	let number = 0;
	const verifyOne = (): void => {
		writeFileSync(file('bundle.json'), bundles[number] ?? '');
		writeFileSync(file('artifact'), toFile(number));
		number += 1;
		const signer = ['--certificate-identity', IDENTITY, '--certificate-oidc-issuer', sigstore.issuer];
		const trust = ['--trusted-root', file('root.json'), '--use-signed-timestamps'];
		const statement = [
			'--bundle',
			file('bundle.json'),
			'--type',
			PREDICATE_TYPES.provenance,
			file('artifact'),
		];
		const argv = ['verify-blob-attestation', ...signer, ...trust, ...statement];
		const { status, stderr } = spawnSync(cosign, argv, { encoding: 'utf8', env: { HOME: tempDir } });
		if (status !== 0) throw new Error(`cosign: ${stderr.trim().slice(0, 300)}`);
	};
	try {
		return await measure(10, verifyOne);
	} catch (error) {
		log(`not compared with cosign: ${error instanceof Error ? error.message : String(error)}`);
		return undefined;
	}
};

const toRow = (name: string, unit: string, samples: readonly number[], atMost: number): BenchRow => ({
	name,
	unit,
	...toSpread(samples),
	wanted: { atMost },
});

export const benchVerify = async (bench: BenchContext): Promise<readonly BenchRow[]> => {
	const sigstore = await startSigstore();
	try {
		const own = await makeBundles(sigstore, 'each');
		const shared = await makeBundles(sigstore, 'one');
		const batch = toRow(
			`${COUNT} bundles with certificate, log and timestamp, each with a certificate of its own`,
			'ms a bundle',
			await measureBatch(sigstore, own),
			5,
		);
		const oneCertificate = toRow(
			`${COUNT} bundles of one release: one certificate`,
			'ms a bundle',
			await measureBatch(sigstore, shared),
			5,
		);
		const subjects = toRow('1,000 subjects in one bundle', 'ms', await measureSubjects(sigstore), 300);
		const library = toPeerRow(batch, '@sigstore/verify, no policy', await measureLibrary(sigstore, own));
		const cosign = await measureCosign(sigstore, own, bench);
		const compared = cosign && {
			...toPeerRow(batch, 'cosign, one process each', cosign),
			wanted: { ratioAtLeast: 2 },
		};
		return [batch, library, ...(compared ? [compared] : []), oneCertificate, subjects];
	} finally {
		await sigstore.stop();
	}
};
