import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExpectedSigner } from './bundle/exhibit.ts';
import type { BundleKind, SignerKind } from './bundle/kinds.ts';
import { type Subjects, writeSubjects } from './bundle/subjects.ts';
import { type KeyPair, writeKeyPair } from './sigstore/keys.ts';
import { type RealSigstore, startRealSigstore } from './sigstore/start.ts';

/** Whoever signs: the one who should, or somebody else, who has a token and keys of the same kinds. */
export type Party = 'ours' | 'other';
export const PARTIES: readonly Party[] = ['ours', 'other'];

const OWN_KEYS = ['P-256', 'RSA-3072', 'ed25519'] as const;

/** The workflow file whose run signs. */
const WORKFLOWS: Readonly<Record<Party, string>> = { ours: 'release.yml', other: 'other.yml' };

/** The services, the parties and the files of one run of the judges. */
export interface World {
	readonly sigstore: RealSigstore;
	/** Where everything of this run lies. */
	readonly folder: string;
	readonly subjects: Subjects;
	toToken(party: Party): string;
	/** undefined: keyless. */
	findKey(kind: BundleKind, party: Party): KeyPair | undefined;
	/** Whom a judge is to believe. */
	toExpected(kind: BundleKind): ExpectedSigner;
	stop(): Promise<void>;
}

const writeKeys = (folder: string): ReadonlyMap<SignerKind, KeyPair> =>
	new Map(OWN_KEYS.map((kind) => [kind, writeKeyPair(folder, kind, kind)]));

export const startWorld = async (folder: string, toProgram: (name: string) => string): Promise<World> => {
	const keys = new Map<Party, ReadonlyMap<SignerKind, KeyPair>>();
	for (const party of PARTIES) {
		mkdirSync(join(folder, party), { recursive: true });
		keys.set(party, writeKeys(join(folder, party)));
	}
	const sigstore = await startRealSigstore(join(folder, 'sigstore'), toProgram);
	const findKey = ({ signer }: BundleKind, party: Party): KeyPair | undefined => keys.get(party)?.get(signer);
	return {
		sigstore,
		folder,
		subjects: writeSubjects(folder),
		toToken: (party) => sigstore.toToken(WORKFLOWS[party]),
		findKey,
		toExpected: (kind) => ({
			identity: sigstore.identity,
			issuer: sigstore.issuer,
			publicKeyFile: findKey(kind, 'ours')?.publicFile,
		}),
		stop: () => sigstore.stop(),
	};
};
