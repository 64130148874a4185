import { type Artifact, type Json, parseJson, toCanonicalJson, toMessage } from '@slipway/core';
import type { BundleLink } from './bundles.ts';
import type { Evidence } from './evidence.ts';
import { SBOM_SUFFIXES, toSbomPath } from './place.ts';
import { type LinkProblem, toProblem } from './problem.ts';
import { readSbomRoot } from './sbom-root.ts';

type SbomKind = keyof typeof SBOM_SUFFIXES;
const KINDS = Object.keys(SBOM_SUFFIXES) as readonly SbomKind[];
const LIMITS = { maxBytes: 64 * 1024 * 1024 };

interface Checked {
	readonly kind: SbomKind;
	readonly path: string;
	readonly artifact: Artifact;
	readonly json: Json;
}

const checkRoot = (evidence: Evidence, { kind, path, artifact, json }: Checked): LinkProblem[] => {
	const root = readSbomRoot(kind, json);
	const sha256 = evidence.files.get(artifact.path)?.digest.sha256 ?? artifact.digest.sha256;
	const problem = (text: string) => [toProblem('VERIFY_CHAIN_MISMATCH', path, text)];
	if (!root) return problem('describes no component, or more than one');
	if (root.sha256.length === 0 || root.sha256.some((found) => found !== sha256))
		return problem(
			`describes sha256 ${root.sha256.join(', ') || '(none)'}, not that of ${artifact.name} (${sha256})`,
		);
	return root.purls.every((purl) => purl === artifact.purl) && root.purls.length > 0
		? []
		: problem(`describes ${JSON.stringify(root.purls.join(', ').slice(0, 200))}, not ${artifact.purl}`);
};

/** The file may be laid out otherwise than what was signed; what it says may not differ. */
const checkPredicate = (
	bundles: readonly BundleLink[],
	{ kind, path, artifact, json }: Checked,
): LinkProblem[] => {
	const bundle = bundles.find(({ role, of }) => role === kind && of === artifact.name);
	if (!bundle) return [toProblem('VERIFY_CHAIN_UNSIGNED', path, 'expected an attestation of it, found none')];
	const signed = toCanonicalJson(bundle.attestation.statement.predicate);
	return signed === toCanonicalJson(json as Json)
		? []
		: [toProblem('VERIFY_CHAIN_CHANGED', path, `is not the SBOM that ${bundle.path} signs`)];
};

const checkOne = (
	evidence: Evidence,
	bundles: readonly BundleLink[],
	{ kind, artifact }: { readonly kind: SbomKind; readonly artifact: Artifact },
): LinkProblem[] => {
	const path = toSbomPath(kind, artifact.name);
	const bytes = evidence.files.get(path)?.bytes;
	const isSigned = bundles.some(({ role, of }) => role === kind && of === artifact.name);
	if (!bytes)
		return isSigned ? [toProblem('VERIFY_CHAIN_MISSING', path, 'expected the SBOM, found none')] : [];
	try {
		const checked = { kind, path, artifact, json: parseJson(bytes, path, LIMITS) };
		return [...checkPredicate(bundles, checked), ...checkRoot(evidence, checked)];
	} catch (cause) {
		return [toProblem('VERIFY_CHAIN_CHANGED', path, `cannot be read: ${toMessage(cause)}`, cause)];
	}
};

/** Every SBOM is the one that was signed, and describes the artifact in its name by digest and package URL. */
export const checkSboms = (evidence: Evidence, bundles: readonly BundleLink[]): LinkProblem[] =>
	evidence.manifest.artifacts.flatMap((artifact) =>
		KINDS.flatMap((kind) => checkOne(evidence, bundles, { kind, artifact })),
	);
