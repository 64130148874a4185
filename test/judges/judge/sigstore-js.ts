import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type TrustMaterial, toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import type { Exhibit } from '../bundle/exhibit.ts';
import { type BundleKind, hasLog, hasTimestamp, isKeyless } from '../bundle/kinds.ts';
import type { Expectation } from '../trial.ts';
import { askInside } from './ask.ts';
import { ACCEPTS, cannotJudge, type Judge, REFUSES } from './judge.ts';

const expectOf = ({ tampering }: Exhibit): Expectation => {
	if (tampering === 'another file') return cannotJudge('it leaves the subjects of a statement to its caller');
	return tampering === 'as made' ? ACCEPTS : REFUSES;
};

/** The promise of Rekor v1 counts as a time here, beside that of the timestamp authority. */
const countTimes = (kind: BundleKind): number =>
	Number(hasTimestamp(kind)) + Number(kind.witnesses === 'Rekor v1 + TSA');

const toMaterial = (trustedRoot: object, publicKeyFile: string | undefined): TrustMaterial => {
	const root = TrustedRoot.fromJSON(trustedRoot);
	if (publicKeyFile === undefined) return toTrustMaterial(root);
	const publicKey = createPublicKey(readFileSync(publicKeyFile));
	return toTrustMaterial(root, () => ({ publicKey, validFor: () => true }));
};

/** The identity is a regular expression to the library, and not anchored. */
const toPattern = (identity: string): string =>
	`^${identity.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`;

const verify = (trustedRoot: object, { kind, file, expected }: Exhibit): void => {
	const verifier = new Verifier(toMaterial(trustedRoot, expected.publicKeyFile), {
		ctlogThreshold: Number(isKeyless(kind)),
		tlogThreshold: Number(hasLog(kind)),
		timestampThreshold: countTimes(kind),
	});
	const entity = toSignedEntity(bundleFromJSON(JSON.parse(readFileSync(file, 'utf8'))));
	if (expected.publicKeyFile !== undefined) verifier.verify(entity);
	else
		verifier.verify(entity, {
			subjectAlternativeName: toPattern(expected.identity),
			extensions: { issuer: expected.issuer },
		});
};

/** The library that npm verifies with, used as its manual says. */
export const openSigstoreJs = (trustedRoot: object): Judge => ({
	name: '@sigstore/verify',
	expect: expectOf,
	look: async (exhibit) => askInside(() => verify(trustedRoot, exhibit)),
});
