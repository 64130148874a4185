import type { Artifact } from '@slipway/core';
import {
	BUNDLE_MEDIA_TYPE,
	PREDICATE_TYPES,
	STATEMENT_PAYLOAD_TYPE,
	type Statement,
	toStatement,
} from '@slipway/core/attestation';

/** SLSA provenance as npm wants it: one tarball, by purl and sha512. */
export const toProvenanceStatement = ({ purl, digest }: Artifact, repository: string): Statement => {
	const { sha512 = '' } = digest;
	return toStatement(PREDICATE_TYPES.provenance, [{ name: purl, digest: { sha512 } }], {
		buildDefinition: {
			buildType: 'urn:example:build',
			externalParameters: { workflow: { repository, ref: 'refs/tags/v1', path: '.github/workflows/r.yml' } },
		},
		runDetails: { builder: { id: 'urn:example:builder' } },
	});
};

/** A bundle in the shape that signing gives; its signature and certificate are filled with anything. */
export const toBundle = (statement: object, fields: object = {}): object => ({
	mediaType: BUNDLE_MEDIA_TYPE,
	verificationMaterial: {
		certificate: { rawBytes: 'MIIC' },
		tlogEntries: [
			{
				logIndex: '0',
				logId: { keyId: 'd2lk' },
				kindVersion: { kind: 'dsse', version: '0.0.1' },
				integratedTime: '1700000000',
				canonicalizedBody: 'e30=',
			},
		],
		timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: 'MIIC' }] },
	},
	dsseEnvelope: {
		payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
		payloadType: STATEMENT_PAYLOAD_TYPE,
		signatures: [{ sig: 'MEUC', keyid: '' }],
	},
	...fields,
});

export const toBundleText = (statement: object, fields: object = {}): string =>
	JSON.stringify(toBundle(statement, fields));
