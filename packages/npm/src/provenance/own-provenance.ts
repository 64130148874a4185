import type { Artifact } from '@slipway/core';
import { BUNDLE_MEDIA_TYPE, PREDICATE_TYPES, parseStatement } from '@slipway/core/attestation';
import { type ParsedBundle, parseBundle, toProvenanceError } from './bundle.ts';

/** Our provenance of one tarball: the text that is published, and what it says. */
export interface OwnProvenance {
	readonly text: string;
	readonly bundle: ParsedBundle;
}

const HINT = 'Sign the release again: npm takes one statement about one tarball, named by purl and sha512.';

const findProblem = ({ purl, digest }: Artifact, bundle: ParsedBundle): string | undefined => {
	const statement = parseStatement(bundle.payload);
	const [subject, ...others] = statement.subject;
	if (bundle.mediaType !== BUNDLE_MEDIA_TYPE)
		return `expected media type ${BUNDLE_MEDIA_TYPE}, got ${JSON.stringify(bundle.mediaType.slice(0, 100))}`;
	if (statement.predicateType !== PREDICATE_TYPES.provenance)
		return `expected predicate type ${PREDICATE_TYPES.provenance}, got ${JSON.stringify(statement.predicateType.slice(0, 100))}`;
	if (others.length > 0) return `expected one subject, got ${statement.subject.length}`;
	if (subject?.name !== purl)
		return `expected the subject ${purl}, got ${JSON.stringify(subject?.name?.slice(0, 300) ?? null)}`;
	if (digest.sha512 === undefined || subject.digest.sha512 !== digest.sha512)
		return `expected the subject's sha512 ${digest.sha512}, got ${subject.digest.sha512}`;
	return undefined;
};

/**
 * Checks what npm will take (libnpmpublish lib/provenance.js): exactly one subject, which is this tarball by purl and
 * sha512. Its signature was verified under the policy where the release was gated.
 * @throws SlipwayError NPM_PROVENANCE_INVALID, STATEMENT_*, JSON_*
 */
export const parseOwnProvenance = (text: string, artifact: Artifact): OwnProvenance => {
	const bundle = parseBundle(text, `the provenance of ${artifact.name}`);
	const problem = findProblem(artifact, bundle);
	if (problem === undefined) return { text, bundle };
	throw toProvenanceError('NPM_PROVENANCE_INVALID', `the provenance of ${artifact.name}: ${problem}`, HINT);
};
