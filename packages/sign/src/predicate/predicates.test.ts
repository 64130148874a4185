import { readFileSync } from 'node:fs';
import {
	type Artifact,
	MANIFEST_MEDIA_TYPE,
	type Manifest,
	MEDIA_TYPES,
	STAGE_RECORD_MEDIA_TYPE,
} from '@slipway/core';
import { PREDICATE_TYPES, parseStatement } from '@slipway/core/attestation';
import { RUN_CLAIMS } from '@slipway/rehearsal/sigstore';
import { parseIdToken } from '../identity/id-token.ts';
import { toToken } from '../identity/id-token-corpus.fixture.ts';
import { type GithubPlatform, toPlatform } from './platform.ts';
import { toNpmProvenance, toProvenance } from './provenance.ts';
import {
	splitStatement,
	toNpmStatement,
	toProvenanceStatements,
	toReleaseStatements,
	toReproductionStatement,
	toRevocationStatement,
	toSbomStatement,
	toStageStatement,
} from './statements.ts';
import { toVsaStatement } from './vsa.ts';

const toArtifact = (number: number): Artifact => ({
	name: `greet-${number}.tgz`,
	path: `artifacts/greet-${number}.tgz`,
	mediaType: MEDIA_TYPES.npm,
	size: number,
	digest: { sha256: number.toString(16).padStart(64, '0'), sha512: number.toString(16).padStart(128, '0') },
	purl: `pkg:npm/%40acme/greet-${number}@1.0.0`,
});
const toManifest = (count: number, source: Partial<Manifest['source']> = {}): Manifest => ({
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'greet',
	version: '1.0.0',
	source: { repo: null, commit: null, ref: null, ...source },
	artifacts: Array.from({ length: count }, (_, index) => toArtifact(index + 1)),
});
const toClaims = (more: object = {}) =>
	parseIdToken(toToken({ iss: 'https://issuer.example', exp: 2e9, ...RUN_CLAIMS, ...more })).claims;
const platform = toPlatform(toClaims(), {}) as GithubPlatform;
const SUMS = { name: 'SHA256SUMS', digest: { sha256: 'a'.repeat(64) } };

/** What comes back from the bytes that are signed. */
const readBack = (statement: object) => parseStatement(JSON.stringify(statement));

describe('provenance', () => {
	test('on GitHub: every field from the token', () => {
		expect(
			toProvenance(platform, toManifest(1, { commit: 'f'.repeat(40), repo: 'https://evil.example' })),
		).toEqual({
			buildDefinition: {
				buildType: 'https://actions.github.io/buildtypes/workflow/v1',
				externalParameters: {
					workflow: {
						ref: 'refs/tags/v1.0.0',
						repository: 'https://github.com/example/greet',
						path: '.github/workflows/release.yml',
					},
				},
				internalParameters: {
					github: {
						event_name: 'push',
						repository_id: '1001',
						repository_owner_id: '2002',
						runner_environment: 'github-hosted',
					},
				},
				resolvedDependencies: [
					{
						uri: 'git+https://github.com/example/greet@refs/tags/v1.0.0',
						digest: { gitCommit: RUN_CLAIMS.sha },
					},
				],
			},
			runDetails: {
				builder: { id: 'https://github.com/example/greet/.github/workflows/release.yml@refs/tags/v1.0.0' },
				metadata: { invocationId: 'https://github.com/example/greet/actions/runs/3003/attempts/1' },
			},
		});
	});

	test('a reusable workflow is the builder; the workflow that was started stays the parameter', () => {
		const job_workflow_ref = 'slipway/slipway/.github/workflows/sign.yml@refs/tags/v1';
		const reused = toPlatform(toClaims({ job_workflow_ref }), {});
		const { runDetails, buildDefinition } = toProvenance(reused, toManifest(1));
		expect(runDetails.builder.id).toBe(`https://github.com/${job_workflow_ref}`);
		expect(buildDefinition.externalParameters).toMatchObject({
			workflow: { path: '.github/workflows/release.yml' },
		});
	});

	test('a tag with an @ in it stays whole', () => {
		const workflow_ref = 'example/greet/.github/workflows/release.yml@refs/tags/@acme/greet@1.0.0';
		const { buildDefinition } = toProvenance(toPlatform(toClaims({ workflow_ref }), {}), toManifest(1));
		expect(buildDefinition.externalParameters).toMatchObject({
			workflow: { path: '.github/workflows/release.yml', ref: 'refs/tags/@acme/greet@1.0.0' },
		});
	});

	test('a job without a token: by what the runner says, with the runner as builder', () => {
		const runner = {
			GITHUB_ACTIONS: 'true',
			GITHUB_SERVER_URL: 'https://ghe.example/',
			GITHUB_REPOSITORY: 'o/r',
			GITHUB_REPOSITORY_ID: '1',
			GITHUB_REPOSITORY_OWNER_ID: '2',
			GITHUB_WORKFLOW_REF: 'o/r/.github/workflows/a.yml@refs/heads/main',
			GITHUB_REF: 'refs/heads/main',
			GITHUB_SHA: 'b'.repeat(40),
			GITHUB_EVENT_NAME: 'push',
			GITHUB_RUN_ID: '3',
			GITHUB_RUN_ATTEMPT: '4',
			RUNNER_ENVIRONMENT: 'self-hosted',
		};
		const provenance = toProvenance(toPlatform(undefined, runner), toManifest(1));
		expect(provenance.runDetails).toEqual({
			builder: { id: 'https://github.com/actions/runner/self-hosted' },
			metadata: { invocationId: 'https://ghe.example/o/r/actions/runs/3/attempts/4' },
		});
		expect(() => toPlatform(undefined, { ...runner, GITHUB_SHA: '', GITHUB_REF: undefined })).toThrow(
			expect.objectContaining({
				code: 'SIGN_PLATFORM_INCOMPLETE',
				message: expect.stringContaining('GITHUB_REF, GITHUB_SHA'),
			}),
		);
	});

	test('a token that lacks what it has to say is refused, by the names', () => {
		expect(() => toPlatform(toClaims({ sha: undefined, run_id: undefined }), {})).toThrow(
			expect.objectContaining({
				code: 'SIGN_PLATFORM_INCOMPLETE',
				message: expect.stringContaining('sha, run_id'),
			}),
		);
	});

	test.each([
		['nothing is known', {}, []],
		['a commit', { commit: 'c'.repeat(40) }, ['git+file:.']],
		[
			'a commit of a repository',
			{ commit: 'c'.repeat(40), repo: 'https://git.example/greet', ref: 'refs/tags/v1' },
			['git+https://git.example/greet@refs/tags/v1'],
		],
	])('elsewhere, %s: a local builder, and no level', (_, source, uris) => {
		const local = toPlatform(
			parseIdToken(toToken({ iss: 'i', sub: 's', aud: 'sigstore', exp: 1, email: 'a@b.example' })).claims,
			{},
		);
		const provenance = toProvenance(local, toManifest(1, source));
		expect(provenance.runDetails).toEqual({ builder: { id: 'urn:slipway:builder:local' } });
		expect(provenance.buildDefinition.buildType).toBe('urn:slipway:build:local:v1');
		expect(provenance.buildDefinition.resolvedDependencies.map(({ uri }) => uri)).toEqual(uris);
		expect(JSON.stringify(provenance)).not.toMatch(/SLSA|github/i);
	});

	test("npm's form: its build type, the runner as builder, one subject by purl and sha512", () => {
		const artifact = toArtifact(7);
		const statement = readBack(
			toNpmStatement({ purl: artifact.purl, sha512: artifact.digest.sha512 ?? '' }, platform),
		);
		expect(statement.subject).toEqual([{ name: artifact.purl, digest: { sha512: artifact.digest.sha512 } }]);
		const { buildDefinition, runDetails } = toNpmProvenance(platform);
		expect(buildDefinition.buildType).toBe(
			'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
		);
		expect(buildDefinition.internalParameters).toEqual({
			github: { event_name: 'push', repository_id: '1001', repository_owner_id: '2002' },
		});
		expect(runDetails.builder.id).toBe('https://github.com/actions/runner/github-hosted');
	});

	test.each([
		[1, [1]],
		[1024, [1024]],
		[1025, [1024, 1]],
		[2500, [1024, 1024, 452]],
	])('%i artifacts: statements of %j subjects', (count, lengths) => {
		const statements = toProvenanceStatements(toManifest(count), platform).map(readBack);
		expect(statements.map(({ subject }) => subject.length)).toEqual(lengths);
		const names = statements.flatMap(({ subject }) => subject.map(({ name }) => name));
		expect(new Set(names).size).toBe(count);
		expect(statements[0]?.subject[0]?.digest).toEqual(toArtifact(1).digest);
	});
});

describe('the other statements', () => {
	const record = {
		mediaType: STAGE_RECORD_MEDIA_TYPE,
		stage: 'build',
		tool: { name: 'slipway', version: '0.0.0' },
		platform: { os: 'linux', arch: 'x64', node: 'v24.0.0' },
		start: '2026-01-01T00:00:00.000Z',
		end: '2026-01-01T00:00:01.000Z',
		inputs: [{ name: 'in', digest: { sha256: '1'.repeat(64) } }],
		outputs: [{ name: 'out', digest: { sha256: '2'.repeat(64) } }],
		follows: [],
		notes: [],
	} as const;
	const file = { path: 'records/build-linux-x64.json', digest: { sha256: '3'.repeat(64) } };

	test('a stage record: the record itself, its file first, then what it gave out', () => {
		const toRecord = (more: object) => JSON.parse(JSON.stringify({ ...record, ...more }));
		const statement = readBack(toStageStatement(file, toRecord({})));
		expect(statement).toMatchObject({ predicateType: PREDICATE_TYPES.stage, predicate: record });
		expect(statement.subject.map(({ name }) => name)).toEqual([file.path, 'out']);
		const empty = readBack(toStageStatement(file, toRecord({ outputs: [] })));
		expect(empty.subject.map(({ name }) => name)).toEqual([file.path, 'in']);
		const outputs = Array.from({ length: 2000 }, () => record.outputs[0]);
		expect(readBack(toStageStatement(file, toRecord({ outputs }))).subject).toHaveLength(1024);
	});

	test('the predicates of our own fit their committed schemas', () => {
		const read = (name: string) =>
			JSON.parse(readFileSync(new URL(`../../../../docs/reference/${name}`, import.meta.url), 'utf8'));
		expect(Object.keys(record).sort()).toEqual([...read('stage-record.v1.schema.json').required].sort());
		expect(read('revocation.v1.schema.json').required).toEqual(['date', 'reason', 'subjects']);
	});

	test('an SBOM is the predicate of its artifact', () => {
		const statement = readBack(toSbomStatement('spdx', toArtifact(1), { spdxVersion: 'SPDX-2.3' }));
		expect(statement).toMatchObject({
			predicateType: 'https://spdx.dev/Document/v2.3',
			predicate: { spdxVersion: 'SPDX-2.3' },
		});
		expect(toSbomStatement('cyclonedx', toArtifact(1), {}).predicateType).toBe('https://cyclonedx.org/bom');
	});

	test('a second build: what came out the same has passed; nothing is said of SLSA', () => {
		const { artifacts } = toManifest(3);
		const partly = readBack(toReproductionStatement(file, artifacts, ({ size }) => size !== 2));
		expect(partly.predicate).toEqual({
			result: 'FAILED',
			configuration: [{ name: file.path, digest: file.digest }],
			passedTests: ['byte-identical: greet-1.tgz', 'byte-identical: greet-3.tgz'],
			failedTests: ['byte-identical: greet-2.tgz'],
		});
		const whole = toReproductionStatement(file, artifacts, () => true);
		expect(whole.predicate).toMatchObject({ result: 'PASSED', failedTests: [] });
		expect(JSON.stringify(whole)).not.toContain('SLSA');
	});

	test('a release: SHA256SUMS, then every artifact, also when that takes two statements', () => {
		const [statement] = toReleaseStatements(toManifest(2), SUMS).map(readBack);
		expect(statement).toMatchObject({
			predicateType: 'https://in-toto.io/attestation/release/v0.2',
			predicate: { purl: 'pkg:generic/greet@1.0.0' },
		});
		expect(statement?.subject.map(({ name }) => name)).toEqual(['SHA256SUMS', 'greet-1.tgz', 'greet-2.tgz']);
		const many = toReleaseStatements(toManifest(1500), SUMS).map(readBack);
		expect(many.map(({ subject }) => [subject[0]?.name, subject.length])).toEqual([
			['SHA256SUMS', 1024],
			['SHA256SUMS', 478],
		]);
	});

	test('a revocation notice and a verification summary', () => {
		const revocation = {
			date: '2026-01-01T00:00:00Z',
			reason: 'key lost',
			keys: [],
			builders: [],
			subjects: true,
		};
		expect(readBack(toRevocationStatement([SUMS], revocation)).predicate).toEqual(revocation);
		const summary = {
			verifier: { id: 'urn:slipway:verifier' },
			timeVerified: '2026-01-01T00:00:00Z',
			resourceUri: 'pkg:generic/greet@1.0.0',
			policy: { uri: 'slipway.policy.yml', digest: { sha256: 'b'.repeat(64) } },
			inputAttestations: [],
			verificationResult: 'PASSED',
			verifiedLevels: [],
			slsaVersion: '1.1',
		} as const;
		expect(readBack(toVsaStatement([SUMS], summary))).toMatchObject({
			predicateType: PREDICATE_TYPES.vsa,
			predicate: summary,
		});
	});

	test('a statement without subjects is split into itself', () => {
		const statement = { ...toReleaseStatements(toManifest(1), SUMS)[0], subject: [] } as never;
		expect(splitStatement(statement)).toHaveLength(1);
	});
});
