import { type CertificateSigner, toPatternMatcher } from '@slipway/core/policy';
import type { CertificateClaims } from '../attestation.ts';

/** Who a verified certificate names, and what it says about the run. */
export interface CertificateIdentity {
	readonly identity: string;
	readonly claims: CertificateClaims;
}

interface Mismatch {
	readonly field: string;
	readonly expected: string;
	readonly got: string | undefined;
}

/** `URL@ref` in its two parts; workflow identities are written so. */
const splitRef = (uri: string): readonly [url: string, ref: string | undefined] => {
	const at = uri.indexOf('@');
	return at === -1 ? [uri, undefined] : [uri.slice(0, at), uri.slice(at + 1)];
};

const isExact = (expected: string | undefined, got: string | undefined): boolean =>
	expected === undefined || expected === got;

const isListed = (expected: readonly string[] | undefined, got: string | undefined): boolean =>
	expected === undefined || (got !== undefined && expected.includes(got));

const matches = (pattern: string | undefined, got: string | undefined): boolean =>
	pattern === undefined || (got !== undefined && toPatternMatcher(pattern)(got));

/** Exact; beside `builder-refs`, which pin the ref, a URL may leave its @ref out. */
const isUri = (expected: string | undefined, got: string | undefined, hasBuilderRefs: boolean): boolean =>
	isExact(expected, got) ||
	(hasBuilderRefs && got !== undefined && !expected?.includes('@') && expected === splitRef(got)[0]);

/** The tag or commit of the reusable workflow is on the list: by the ref it was called with, or by its commit. */
const isBuilderRef = (
	refs: readonly string[] | undefined,
	{ workflow, workflowDigest }: CertificateClaims,
): boolean => {
	if (refs === undefined) return true;
	const [, ref] = splitRef(workflow ?? '');
	return refs.some((allowed) => allowed === ref || allowed === workflowDigest);
};

type Check = readonly [
	field: string,
	ok: boolean,
	expected: string | readonly string[] | undefined,
	got?: string | undefined,
];

const toIdentityChecks = (signer: CertificateSigner, { identity, claims }: CertificateIdentity): Check[] => {
	const { 'identity-pattern': pattern, 'builder-refs': refs, workflow } = signer;
	return [
		['issuer', signer.issuer === claims.issuer, signer.issuer, claims.issuer],
		['identity', isUri(signer.identity, identity, refs !== undefined), signer.identity, identity],
		['identity-pattern', matches(pattern, identity), pattern, identity],
		['workflow', isUri(workflow, claims.workflow, refs !== undefined), workflow, claims.workflow],
		['builder-refs', isBuilderRef(refs, claims), refs, claims.workflow],
	];
};

const toClaimChecks = (signer: CertificateSigner, claims: CertificateClaims): Check[] => {
	const exact = (field: keyof CertificateSigner & string, got: string | undefined): Check => {
		const expected = signer[field];
		return [
			field,
			typeof expected !== 'string' || expected === got,
			expected as string | undefined,
			got ?? '',
		];
	};
	const listed = (field: 'workflow-digests' | 'events', got: string | undefined): Check => [
		field,
		isListed(signer[field], got),
		signer[field],
		got ?? '',
	];
	const refPattern = signer['source-ref-pattern'];
	return [
		exact('source-repository', claims.sourceRepository),
		exact('source-repository-id', claims.sourceRepositoryId),
		exact('source-owner-id', claims.sourceOwnerId),
		exact('source-ref', claims.sourceRef),
		['source-ref-pattern', matches(refPattern, claims.sourceRef), refPattern, claims.sourceRef ?? ''],
		listed('workflow-digests', claims.workflowDigest),
		exact('runner-environment', claims.runnerEnvironment),
		listed('events', claims.event),
	];
};

/** The first thing that keeps a certificate from being this signer's; undefined when it is. */
export const findCertificateMismatch = (
	signer: CertificateSigner,
	certificate: CertificateIdentity,
): Mismatch | undefined => {
	const checks = [...toIdentityChecks(signer, certificate), ...toClaimChecks(signer, certificate.claims)];
	const [field, , expected, got] = checks.find(([, ok]) => !ok) ?? [];
	if (field === undefined) return undefined;
	return { field, expected: [expected ?? ''].flat().join(' or '), got: got || undefined };
};
