import { STAGE_RECORD_MEDIA_TYPE } from '@slipway/core';
import type { StatementKind } from './kinds.ts';

const DIGEST = { sha256: 'b'.repeat(64) };
const WORKFLOW = 'https://github.com/octo-org/octo-repo/.github/workflows/release.yml@refs/tags/v1.0.0';
const TIME = '2026-11-21T12:00:00Z';

const PROVENANCE = {
	buildDefinition: {
		buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
		externalParameters: {
			workflow: {
				ref: 'refs/tags/v1.0.0',
				repository: 'https://github.com/octo-org/octo-repo',
				path: '.github/workflows/release.yml',
			},
		},
		internalParameters: {
			github: { event_name: 'push', repository_id: '1234567', runner_environment: 'github-hosted' },
		},
		resolvedDependencies: [
			{
				uri: 'git+https://github.com/octo-org/octo-repo@refs/tags/v1.0.0',
				digest: { gitCommit: 'a'.repeat(40) },
			},
		],
	},
	runDetails: {
		builder: { id: WORKFLOW },
		metadata: {
			invocationId: 'https://github.com/octo-org/octo-repo/actions/runs/42/attempts/1',
			startedOn: TIME,
		},
	},
};

/** What each kind of statement says: small, and of the right form. What fills the real ones is judged in a release. */
export const PREDICATES: Readonly<Record<StatementKind, object>> = {
	provenance: PROVENANCE,
	'npm provenance': PROVENANCE,
	'sbom-cyclonedx': {
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
		version: 1,
		metadata: { timestamp: TIME, component: { type: 'library', name: 'greet', version: '1.0.0' } },
		components: [],
	},
	'sbom-spdx': {
		spdxVersion: 'SPDX-2.3',
		dataLicense: 'CC0-1.0',
		SPDXID: 'SPDXRef-DOCUMENT',
		name: 'greet-1.0.0.tgz',
		documentNamespace: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
		creationInfo: { created: TIME, creators: ['Tool: slipway'] },
		packages: [],
	},
	stage: {
		mediaType: STAGE_RECORD_MEDIA_TYPE,
		stage: 'build',
		tool: { name: 'slipway', version: '0.0.0' },
		platform: { os: 'linux', arch: 'x64', node: '24.0.0' },
		start: TIME,
		end: TIME,
		inputs: [],
		outputs: [{ name: 'greet-1.0.0.tgz', digest: DIGEST }],
		follows: [],
		notes: ['Ünïcode, and a line\u2028separator: bytes are signed, not characters'],
	},
	'test-result': {
		result: 'PASSED',
		configuration: [{ name: 'second build', digest: DIGEST }],
		passedTests: ['greet-1.0.0.tgz'],
	},
	release: { purl: 'pkg:npm/greet@1.0.0', packageId: 'greet' },
	vsa: {
		verifier: { id: WORKFLOW, version: { slipway: '0.0.0' } },
		timeVerified: TIME,
		resourceUri: 'pkg:npm/greet@1.0.0',
		policy: { uri: 'slipway.policy.yml', digest: DIGEST },
		inputAttestations: [{ uri: 'attestations/provenance.sigstore.json', digest: DIGEST }],
		verificationResult: 'PASSED',
		verifiedLevels: ['SLSA_BUILD_LEVEL_2'],
		slsaVersion: '1.2',
	},
	revocation: {
		date: TIME,
		reason: 'The key was lost',
		keys: ['d'.repeat(64)],
		builders: [],
		subjects: true,
	},
};
