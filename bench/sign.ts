// Signing against a local Sigstore: how long one statement takes, how long many take, and what stays in memory.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PREDICATE_TYPES, type Statement, toStatement } from '@slipway/core/attestation';
import { openSigner, parseSigningConfig, type StatementSigner } from '@slipway/sign';
import { type BenchContext, type BenchRow, measure, toPeerRow, toSpread } from './row.ts';
import { type ServedSigstore, serveSigstore } from './sign/local-sigstore.ts';

const COUNT = 100;

const context = {
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock: { now: () => Date.now(), sleep: async (ms: number) => void (await setTimeout(ms)) },
	signal: new AbortController().signal,
};

const open = (sigstore: ServedSigstore, config: object): Promise<StatementSigner> =>
	openSigner({
		services: parseSigningConfig(JSON.stringify(config)),
		identityToken: () => sigstore.token(),
		context,
	});

const toSubject = (number: number) => ({
	name: `artifact-${number}.tgz`,
	digest: { sha256: number.toString(16).padStart(64, '0'), sha512: number.toString(16).padStart(128, '0') },
});

const toStatements = (count: number, predicate: object): Statement[] =>
	Array.from({ length: count }, (_, number) =>
		toStatement(PREDICATE_TYPES.provenance, [toSubject(number)], predicate),
	);

const PREDICATE = {
	buildDefinition: { buildType: 'urn:slipway:bench' },
	runDetails: { builder: { id: 'urn:slipway:bench' } },
};

/** A new signer each time: identity token, key, certificate, log and timestamp are all part of it. */
const measureOne = (sigstore: ServedSigstore): Promise<readonly number[]> => {
	const subjects = Array.from({ length: COUNT }, (_, number) => toSubject(number));
	const statement = toStatement(PREDICATE_TYPES.provenance, subjects, PREDICATE);
	return measure(15, async () => (await open(sigstore, sigstore.signingConfig)).attest(statement));
};

/** Milliseconds a statement, after the first. */
const measureMany = async (sigstore: ServedSigstore, config: object): Promise<readonly number[]> => {
	const samples: number[] = [];
	for (let run = 0; run < 5; run += 1) {
		const signer = await open(sigstore, config);
		await signer.attest(toStatements(1, PREDICATE)[0] as Statement);
		const [ms = 0] = await measure(1, async () => {
			for await (const bundle of signer.attestAll(toStatements(COUNT, PREDICATE))) void bundle;
		});
		samples.push(ms / COUNT);
	}
	return samples;
};

/** Megabytes that live after each hundredth of 1,000 statements of 64 KiB, above what lived before the first. */
const measureMemory = async (sigstore: ServedSigstore): Promise<readonly number[]> => {
	const signer = await open(sigstore, sigstore.signingConfig);
	const live = (): number => {
		globalThis.gc?.();
		const { heapUsed, external } = process.memoryUsage();
		return (heapUsed + external) / 1024 / 1024;
	};
	const predicate = { ...PREDICATE, padding: 'x'.repeat(64 * 1024) };
	const made = function* () {
		for (let number = 0; number < 1000; number += 1)
			yield toStatement(PREDICATE_TYPES.provenance, [toSubject(number)], predicate);
	};
	// What stays for good once the services have been asked is not what grows.
	for (let run = 0; run < 20; run += 1) await signer.attest(toStatements(1, predicate)[0] as Statement);
	const before = live();
	const samples: number[] = [];
	let count = 0;
	for await (const bundle of signer.attestAll(made())) {
		count += bundle.length > 0 ? 1 : 0;
		if (count % 100 === 0) samples.push(live() - before);
	}
	return samples;
};

/** One process each, as cosign works: 5 statements in a row. */
const measureCosign = async (
	sigstore: ServedSigstore,
	{ tempDir, findPeer, log }: BenchContext,
): Promise<readonly number[] | undefined> => {
	const cosign = findPeer('cosign');
	if (!cosign) return undefined;
	const file = (name: string): string => join(tempDir, name);
	const statement = toStatements(1, PREDICATE)[0] as Statement;
	writeFileSync(file('config.json'), JSON.stringify(sigstore.signingConfig));
	writeFileSync(file('root.json'), JSON.stringify(sigstore.trustedRoot));
	writeFileSync(file('statement.json'), JSON.stringify(statement));
	writeFileSync(file('artifact'), 'artifact');
	const signOnce = async (): Promise<void> => {
		writeFileSync(file('token'), await sigstore.token());
		const options = ['--signing-config', file('config.json'), '--trusted-root', file('root.json')];
		const identity = ['--identity-token', file('token'), '--bundle', file('bundle.json')];
		const input = ['--statement', file('statement.json'), file('artifact')];
		const argv = ['attest-blob', '--yes', ...options, ...identity, ...input];
		const { status, stderr } = spawnSync(cosign, argv, { encoding: 'utf8', env: { HOME: tempDir } });
		if (status !== 0) throw new Error(`cosign: ${stderr.trim().split('\n').at(-1)?.slice(0, 300)}`);
		readFileSync(file('bundle.json'));
	};
	return measure(5, signOnce).catch((error: Error) => {
		log(`not compared with cosign: ${error.message}`);
		return undefined;
	});
};

export const benchSign = async (bench: BenchContext): Promise<readonly BenchRow[]> => {
	const sigstore = await serveSigstore();
	try {
		const one: BenchRow = {
			name: `one statement about ${COUNT} artifacts, with token, certificate, log v1 and timestamp`,
			unit: 'ms',
			...toSpread(await measureOne(sigstore)),
			wanted: { atMost: 400 },
		};
		const many: BenchRow = {
			name: `${COUNT} statements under one certificate, log v1 and timestamp`,
			unit: 'ms a statement',
			...toSpread(await measureMany(sigstore, sigstore.signingConfig)),
			wanted: { atMost: 15 },
		};
		const manyV2: BenchRow = {
			name: `${COUNT} statements under one certificate, log v2 and timestamp`,
			unit: 'ms a statement',
			...toSpread(await measureMany(sigstore, sigstore.signingConfigV2)),
		};
		const memory: BenchRow = {
			name: 'live memory while 1,000 statements of 64 KiB are signed',
			unit: 'MB',
			...toSpread(await measureMemory(sigstore)),
			wanted: { atMost: 32 },
		};
		const cosign = await measureCosign(sigstore, bench);
		const peer = cosign && toPeerRow(many, 'cosign, one process each', cosign);
		return [one, many, manyV2, memory, ...(peer ? [{ ...peer, wanted: { ratioAtLeast: 10 } }] : [])];
	} finally {
		await sigstore.stop();
	}
};
