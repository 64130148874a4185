import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
	hashBytes,
	type Release,
	readRelease,
	toGzip,
	toStageRecord,
	toTarBytes,
	writeRelease,
	writeStage,
} from '@slipway/archive';
import { type Artifact, type Context, MANIFEST_MEDIA_TYPE, MEDIA_TYPES, type StageName } from '@slipway/core';
import { type PinnedPolicy, parsePolicy } from '@slipway/core/policy';
import type { LocalSigstore } from '@slipway/rehearsal/sigstore';
import {
	openSigner,
	parseIdToken,
	parseSigningConfig,
	readKeySigner,
	type SigningMeans,
	signBundles,
	signRecords,
	signRelease,
	toExpectedIdentity,
	toPlatform,
} from '@slipway/sign';
import { openTrust, type Trust, toVsa, verifyReleaseFolder } from '@slipway/verify';

const TOOL = { name: 'slipway', version: '0.0.0' };
export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** How a Release is signed, and by what it is verified. */
export interface Signing {
	readonly means: SigningMeans;
	readonly platform: ReturnType<typeof toPlatform>;
	readonly policy: PinnedPolicy;
	readonly trust: Trust;
}

const toBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const REQUIRE = {
	attestations: ['provenance', 'sbom-cyclonedx', 'sbom-spdx', 'release', 'stage'],
	stages: ['build', 'test', 'reproduce', 'sbom', 'sign', 'gate', 'plan', 'publish'],
};

const NO_SERVICES = parseSigningConfig(
	toBytes({
		mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
		caUrls: [],
		oidcUrls: [],
		rekorTlogUrls: [],
		tsaUrls: [],
	}),
);

const makeKey = (): string =>
	generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
		.privateKey.export({ type: 'pkcs8', format: 'pem' })
		.toString();

/** With a key of one's own, without any service: quick enough for a test of every link. */
export const signWithKey = async (context: Context, privatePem: string = makeKey()): Promise<Signing> => {
	const key = readKeySigner(privatePem);
	const pem = key.publicKey;
	const policy = parsePolicy(
		toBytes({ policy: 1, signers: [{ name: 'our key', key: pem }], require: REQUIRE }),
	);
	return {
		means: {
			openSigner: () => openSigner({ services: NO_SERVICES, key, context }),
			expected: { kind: 'key', hint: key.hint, publicKey: key.publicKey },
		},
		platform: { kind: 'local' },
		policy,
		trust: await openTrust({ clock: context.clock }),
	};
};

/** As a workflow signs: certificate, log and timestamp of a Sigstore on loopback. */
export const signKeyless = async (sigstore: LocalSigstore, context: Context): Promise<Signing> => {
	const text = sigstore.token({ sha: COMMIT });
	const token = parseIdToken(text);
	const identity = toExpectedIdentity(token);
	const services = parseSigningConfig(toBytes(sigstore.signingConfig));
	const signer = { name: 'release workflow', issuer: sigstore.issuer, identity };
	return {
		means: {
			openSigner: () => openSigner({ services, identityToken: async () => text, context }),
			expected: { kind: 'certificate', identity },
		},
		platform: toPlatform(token.claims, {}),
		policy: parsePolicy(toBytes({ policy: 1, signers: [signer], require: REQUIRE })),
		trust: await openTrust({ trustedRoot: toBytes(sigstore.trustedRoot), clock: context.clock }),
	};
};

const toArtifact = (
	name: string,
	bytes: Uint8Array,
	facts: Pick<Artifact, 'mediaType' | 'purl'>,
): Artifact => {
	const { size, digest } = hashBytes(bytes);
	return { name, path: `artifacts/${name}`, size, digest, ...facts };
};

const toTarball = (files: Readonly<Record<string, string>>): Buffer =>
	toGzip(
		toTarBytes(
			Object.entries(files).map(([name, text]) => ({
				type: 'file',
				name: `package/${name}`,
				mode: 0o644,
				content: Buffer.from(text),
			})),
			{ mtime: 1_700_000_000 },
		),
	);

const toArtifacts = (version: string, salt: string) => {
	const npm = toTarball({ 'package.json': JSON.stringify({ name: 'greet', version }), salt });
	const deb = Buffer.from(`debian package of ${version} ${salt}`);
	return [
		{
			artifact: toArtifact(`greet-${version}.tgz`, npm, {
				mediaType: MEDIA_TYPES.npm,
				purl: `pkg:npm/greet@${version}`,
			}),
			bytes: npm,
		},
		{
			artifact: toArtifact(`greet_${version}-1_all.deb`, deb, {
				mediaType: MEDIA_TYPES.deb,
				purl: `pkg:deb/greet@${version}-1?arch=all`,
			}),
			bytes: deb,
		},
	];
};

const toSboms = ({ name, purl, digest }: Artifact) => ({
	[`sbom/${name}.cdx.json`]: {
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		metadata: {
			component: { type: 'application', name, purl, hashes: [{ alg: 'SHA-256', content: digest.sha256 }] },
		},
		components: [],
	},
	[`sbom/${name}.spdx.json`]: {
		spdxVersion: 'SPDX-2.3',
		SPDXID: 'SPDXRef-DOCUMENT',
		packages: [
			{
				SPDXID: 'SPDXRef-root',
				name,
				checksums: [{ algorithm: 'SHA256', checksumValue: digest.sha256 }],
				externalRefs: [
					{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl },
				],
			},
		],
		relationships: [
			{
				spdxElementId: 'SPDXRef-DOCUMENT',
				relationshipType: 'DESCRIBES',
				relatedSpdxElement: 'SPDXRef-root',
			},
		],
	},
});

type Files = Readonly<Record<string, object | string>>;

/** Writes files, and says them as descriptors. */
const writeFiles = async (folder: string, files: Files) => {
	for (const [path, content] of Object.entries(files)) {
		await mkdir(join(folder, path, '..'), { recursive: true });
		await writeFile(join(folder, path), typeof content === 'string' ? content : toBytes(content));
	}
	return Object.entries(files).map(([name, content]) => ({
		name,
		digest: {
			sha256: hashBytes(typeof content === 'string' ? Buffer.from(content) : toBytes(content)).digest.sha256,
		},
	}));
};

export interface Wanted {
	readonly version: string;
	/** Other bytes under the same version. */
	readonly salt?: string;
	/** How far it goes. Default: publish. */
	readonly until?: StageName;
}

/** A whole Release as the stages leave it: built, tested, reproduced, with SBOMs, signed, gated, planned, published. */
export const makeSignedRelease = async (
	folder: string,
	{ means, platform, policy }: Signing,
	{ version, salt = '', until = 'publish', context }: Wanted & { readonly context: Context },
): Promise<Release> => {
	let now = context.clock.now() - 60_000;
	const tick = () => {
		now += 1000;
		return now;
	};
	const facts = (more: object = {}) => ({ tool: TOOL, start: tick(), end: tick(), notes: [], ...more });
	const made = toArtifacts(version, salt);
	const artifacts = made.map(({ artifact }) => artifact);
	const sources: Record<string, string> = {};
	await mkdir(`${folder}-source`, { recursive: true });
	for (const { artifact, bytes } of made) {
		sources[artifact.name] = join(`${folder}-source`, artifact.name);
		await writeFile(join(`${folder}-source`, artifact.name), bytes);
	}
	const release = await writeRelease(folder, {
		manifest: {
			mediaType: MANIFEST_MEDIA_TYPE,
			project: 'greet',
			version,
			source: { repo: 'https://github.com/acme/greet', commit: COMMIT, ref: `refs/tags/v${version}` },
			artifacts,
		},
		files: sources,
		records: [toStageRecord('build', facts({ outputs: artifacts }))],
		epoch: 1_700_000_000,
	});
	await writeStage(release, 'test', facts({ inputs: artifacts }));
	await writeStage(release, 'reproduce', facts({ inputs: artifacts, outputs: artifacts }));
	const sboms = await writeFiles(folder, Object.assign({}, ...artifacts.map(toSboms)));
	await writeStage(release, 'sbom', facts({ inputs: artifacts, outputs: sboms }));
	await signRelease(release, { ...means, platform, npm: platform.kind === 'github', tool: TOOL }, context);
	if (until === 'sign') return release;
	const report = {
		mediaType: 'application/vnd.slipway.gate-report.v1+json',
		project: 'greet',
		version,
		policy: policy.digest,
		verdicts: [],
		overall: 'pass',
	};
	const gate = await writeFiles(folder, {
		'gate/report.json': report,
		'gate/report.md': `# ${version}${salt}\n`,
		'gate/report.sarif': { version, salt },
	});
	await writeStage(release, 'gate', {
		...facts({ inputs: [...artifacts, ...sboms, { name: 'policy', digest: policy.digest }], outputs: gate }),
		start: context.clock.now(),
		end: context.clock.now(),
	});
	await signRecords(release, means);
	if (until === 'gate') return release;
	const plan = {
		name: 'plan',
		digest: { sha256: hashBytes(Buffer.from(`plan of ${version}${salt}`)).digest.sha256 },
	};
	const late = (more: object) => ({ ...facts(more), start: context.clock.now(), end: context.clock.now() });
	await writeStage(release, 'plan', late({ inputs: [...artifacts, ...gate.slice(0, 1)], outputs: [plan] }));
	await writeStage(release, 'publish', late({ inputs: [plan], outputs: artifacts }));
	await signRecords(release, means);
	return readRelease(folder);
};

/** Adds a signed summary of a verification that passed. */
export const addVsa = async (
	release: Release,
	{ means, policy, trust }: Signing,
	context: Context,
): Promise<void> => {
	const verification = await verifyReleaseFolder(release, { trust, policy, clock: context.clock });
	const [statement] = toVsa(verification, {
		verifier: { id: 'urn:example:verifier', version: { slipway: '0.0.0' } },
	});
	const path = 'attestations/vsa.sigstore.json';
	await signBundles(release, [{ path, toStatement: async () => statement }], means);
};
