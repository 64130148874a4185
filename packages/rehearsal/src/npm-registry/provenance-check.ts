import { createHash } from 'node:crypto';
import {
	BUNDLE_MEDIA_TYPE,
	PREDICATE_TYPES,
	STATEMENT_PAYLOAD_TYPE,
	STATEMENT_TYPE,
} from '@slipway/core/attestation';
import * as v from 'valibot';
import type { Candidate, Manifest } from './publish-document.ts';

const Bundle = v.object({
	mediaType: v.literal(BUNDLE_MEDIA_TYPE, 'unsupported bundle media type'),
	verificationMaterial: v.object({}, 'no verification material'),
	dsseEnvelope: v.object({
		payload: v.string(),
		payloadType: v.literal(STATEMENT_PAYLOAD_TYPE, 'unsupported payload type'),
		signatures: v.pipe(
			v.array(v.object({ sig: v.pipe(v.string(), v.minLength(1, 'no signature')) })),
			v.length(1, 'expected one signature'),
		),
	}),
});

const Statement = v.object({
	_type: v.literal(STATEMENT_TYPE, 'unsupported statement type'),
	predicateType: v.literal(PREDICATE_TYPES.provenance, 'unsupported predicate type'),
	subject: v.pipe(
		v.array(v.object({ name: v.string(), digest: v.object({ sha512: v.optional(v.string()) }) })),
		v.length(1, 'expected one subject'),
	),
	predicate: v.object({
		buildDefinition: v.object({
			externalParameters: v.object({
				workflow: v.optional(v.object({ repository: v.optional(v.string()) })),
			}),
		}),
	}),
});

/** What npm names a package version in a statement: scope and name encoded as one purl. */
export const toNpmPurl = (name: string, version: string): string =>
	`pkg:npm/${name.replace(/^@/, '%40')}@${version}`;

const toRepositoryUrl = ({ repository }: Manifest): string =>
	((typeof repository === 'string' ? repository : repository?.url) ?? '')
		.replace(/^git\+/, '')
		.replace(/\.git$/, '');

const checkStatement = ({ manifest, tarball }: Candidate, statement: v.InferOutput<typeof Statement>) => {
	const [subject] = statement.subject;
	if (subject?.name !== toNpmPurl(manifest.name, manifest.version)) return 'Failed to validate subject name';
	if (subject.digest.sha512 !== createHash('sha512').update(tarball).digest('hex'))
		return 'Failed to validate subject digest';
	const expected = statement.predicate.buildDefinition.externalParameters.workflow?.repository;
	const found = toRepositoryUrl(manifest);
	if (expected === found) return undefined;
	return `Failed to validate repository information: package.json: "repository.url" is "${found}", expected to match "${expected}" from provenance`;
};

const parse = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

/**
 * What npm refuses of a provenance bundle: its form, anything but one statement about this tarball, and another
 * repository than package.json names. Signatures are for those who verify.
 */
export const findProvenanceProblem = (candidate: Candidate): string | undefined => {
	if (candidate.bundle === undefined) return undefined;
	const bundle = v.safeParse(Bundle, parse(candidate.bundle));
	if (!bundle.success) return bundle.issues[0].message;
	const payload = Buffer.from(bundle.output.dsseEnvelope.payload, 'base64').toString();
	const statement = v.safeParse(Statement, parse(payload));
	if (!statement.success) return statement.issues[0].message;
	return checkStatement(candidate, statement.output);
};
