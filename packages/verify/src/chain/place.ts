import { BUNDLE_SUFFIX, type PredicateKind } from '@slipway/core/attestation';

/** What a bundle is for, as its name in attestations/ says. */
export interface BundleRole {
	readonly role:
		| 'provenance'
		| 'npm-provenance'
		| 'sbom-cyclonedx'
		| 'sbom-spdx'
		| 'stage'
		| 'test-result'
		| 'release'
		| 'vsa'
		| 'revocation';
	readonly kind: PredicateKind;
	/** Name of the artifact, or path of the record, that it speaks of. */
	readonly of?: string;
}

const FIXED: Readonly<Record<string, BundleRole>> = {
	'test-result-reproduce': { role: 'test-result', kind: 'test-result' },
};

const NAMED: readonly (readonly [RegExp, (rest: string) => BundleRole])[] = [
	[/^provenance(?:-\d{1,4})?$/, () => ({ role: 'provenance', kind: 'provenance' })],
	[/^npm-(.+)$/, (of) => ({ role: 'npm-provenance', kind: 'provenance', of })],
	[/^sbom-cyclonedx-(.+)$/, (of) => ({ role: 'sbom-cyclonedx', kind: 'sbom-cyclonedx', of })],
	[/^sbom-spdx-(.+)$/, (of) => ({ role: 'sbom-spdx', kind: 'sbom-spdx', of })],
	[/^stage-(.+)$/, (of) => ({ role: 'stage', kind: 'stage', of: `records/${of}.json` })],
	[/^SHA256SUMS(?:-\d{1,4})?$/, () => ({ role: 'release', kind: 'release' })],
	[/^vsa(?:-\d{1,4})?$/, () => ({ role: 'vsa', kind: 'vsa' })],
	[/^revocation-.+$/, () => ({ role: 'revocation', kind: 'revocation' })],
];

/** The role of a file in attestations/; undefined for a name that no stage gives. */
export const toBundleRole = (path: string): BundleRole | undefined => {
	const name = /^attestations\/([^/]+)$/.exec(path)?.[1];
	if (!name?.endsWith(BUNDLE_SUFFIX)) return undefined;
	const stem = name.slice(0, -BUNDLE_SUFFIX.length);
	if (Object.hasOwn(FIXED, stem)) return FIXED[stem];
	for (const [pattern, toRole] of NAMED) {
		const match = pattern.exec(stem);
		if (match) return toRole(match[1] ?? '');
	}
	return undefined;
};

export const SBOM_SUFFIXES = { 'sbom-cyclonedx': '.cdx.json', 'sbom-spdx': '.spdx.json' } as const;

/** Where the SBOM of an artifact lies. */
export const toSbomPath = (kind: keyof typeof SBOM_SUFFIXES, artifactName: string): string =>
	`sbom/${artifactName}${SBOM_SUFFIXES[kind]}`;

/** Where the signature of a record lies. */
export const toStageBundlePath = (recordPath: string): string =>
	`attestations/stage-${recordPath.replace(/^records\//, '').replace(/\.json$/, '')}${BUNDLE_SUFFIX}`;

/** What the gate leaves: its report, and two renderings of it. */
export const GATE_FILES = ['gate/report.json', 'gate/report.sarif', 'gate/report.md'] as const;
