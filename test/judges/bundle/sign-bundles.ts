import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Statement } from '@slipway/core/attestation';
import {
	openSigner,
	parseIdToken,
	parseSigningConfig,
	readKeySigner,
	type StatementSigner,
	toPlatform,
} from '@slipway/sign';
import { type KeyPair, writeKeyPair } from '../sigstore/keys.ts';
import type { RealSigstore } from '../sigstore/start.ts';
import type { ExpectedSigner } from './exhibit.ts';
import {
	BUNDLE_KINDS,
	type BundleKind,
	type SignerKind,
	STATEMENT_KINDS,
	type StatementKind,
	toRow,
	toServiceChoice,
} from './kinds.ts';
import { toJudgedStatement } from './statements.ts';
import type { Subjects } from './subjects.ts';

/** One statement signed twice: by whom it should be, and by somebody else in the same way. */
export interface SignedPair {
	readonly statement: StatementKind;
	readonly kind: BundleKind;
	readonly bundle: Uint8Array;
	readonly other: Uint8Array;
	readonly expected: ExpectedSigner;
}

type Party = 'ours' | 'other';

const CONTEXT = {
	log: { debug: () => {}, info: () => {}, warning: console.warn },
	clock: { now: () => Date.now(), sleep: (ms: number) => sleep(ms) },
	signal: new AbortController().signal,
};

const OWN_KEYS = ['P-256', 'RSA-3072', 'ed25519'] as const;

type Keys = Readonly<Record<Party, ReadonlyMap<SignerKind, KeyPair>>>;

const writeKeys = (folder: string): Keys => {
	const toPair = (party: Party) =>
		new Map(OWN_KEYS.map((kind) => [kind, writeKeyPair(folder, `${party}-${kind}`, kind)] as const));
	return { ours: toPair('ours'), other: toPair('other') };
};

/** The workflow file whose run signs. */
const WORKFLOWS: Readonly<Record<Party, string>> = { ours: 'release.yml', other: 'other.yml' };

const open = (kind: BundleKind, party: Party, { sigstore, keys }: { sigstore: RealSigstore; keys: Keys }) => {
	const services = parseSigningConfig(JSON.stringify(sigstore.toSigningConfig(toServiceChoice(kind))));
	const pair = keys[party].get(kind.signer);
	if (!pair) {
		const identityToken = async () => sigstore.toToken(WORKFLOWS[party]);
		return openSigner({ services, context: CONTEXT, identityToken });
	}
	return openSigner({ services, context: CONTEXT, key: readKeySigner(readFileSync(pair.file, 'utf8')) });
};

const toStatements = (sigstore: RealSigstore, subjects: Subjects): readonly Statement[] => {
	const platform = toPlatform(parseIdToken(sigstore.toToken()).claims, {});
	if (platform.kind !== 'github') throw new Error('expected the token of a workflow');
	return STATEMENT_KINDS.map((kind) => toJudgedStatement(kind, subjects, platform));
};

const signAll = async (signer: StatementSigner, statements: readonly Statement[]): Promise<Uint8Array[]> => {
	const bundles: Uint8Array[] = [];
	for await (const bundle of signer.attestAll(statements)) bundles.push(bundle);
	return bundles;
};

/** Signs every statement in every way that is possible, with what Slipway itself signs with. */
export const signBundles = async (
	sigstore: RealSigstore,
	folder: string,
	subjects: Subjects,
): Promise<readonly SignedPair[]> => {
	const keys = writeKeys(folder);
	const statements = toStatements(sigstore, subjects);
	const signKind = async (kind: BundleKind): Promise<SignedPair[]> => {
		const parties = (['ours', 'other'] as const).map(async (party) =>
			signAll(await open(kind, party, { sigstore, keys }), statements),
		);
		const [ours = [], others = []] = await Promise.all(parties);
		const expected = {
			identity: sigstore.identity,
			issuer: sigstore.issuer,
			publicKeyFile: keys.ours.get(kind.signer)?.publicFile,
		};
		return STATEMENT_KINDS.map((statement, index) => {
			const [bundle, other] = [ours[index], others[index]];
			if (!bundle || !other) throw new Error(`expected a bundle of ${statement}, ${toRow(kind)}`);
			return { statement, kind, bundle, other, expected };
		});
	};
	return (await Promise.all(BUNDLE_KINDS.map(signKind))).flat();
};

export const writeBundle = (folder: string, name: string, bundle: Uint8Array): string => {
	const file = join(folder, `${name.replaceAll(/[^a-zA-Z0-9]+/g, '-')}.sigstore.json`);
	writeFileSync(file, bundle);
	return file;
};
