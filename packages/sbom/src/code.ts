import { SlipwayError, toPrintable } from '@slipway/core';

export type SbomCode =
	| 'SBOM_SOURCE_MISSING'
	| 'SBOM_SOURCE_INVALID'
	| 'SBOM_SOURCE_UNSUPPORTED'
	| 'SBOM_TOO_LARGE'
	| 'SBOM_NAME_INVALID'
	| 'SBOM_VERSION_INVALID'
	| 'SBOM_MERGE_INVALID'
	| 'SBOM_REFERENCE_DANGLING'
	| 'SBOM_PACKUMENT_INVALID';

const HINTS: Readonly<Record<SbomCode, string>> = {
	SBOM_SOURCE_MISSING:
		'Name a folder with a lockfile (package-lock.json, pnpm-lock.yaml, yarn.lock) or with node_modules, or install first.',
	SBOM_SOURCE_INVALID:
		'Write the lockfile again with the package manager; it is made by a tool and never edited.',
	SBOM_SOURCE_UNSUPPORTED: 'Write the lockfile again with a current version of the package manager.',
	SBOM_TOO_LARGE: 'Look at where the document comes from: no project is that large.',
	SBOM_NAME_INVALID: 'Remove the package, or look at who put that name into the lockfile.',
	SBOM_VERSION_INVALID:
		'Write the lockfile again with the package manager, or look at who put that version there.',
	SBOM_MERGE_INVALID: 'Let the build command write CycloneDX 1.2 to 1.7 or SPDX 2.2 or 2.3, as JSON.',
	SBOM_REFERENCE_DANGLING:
		'Make the SBOM again with the tool that wrote it; each reference has to name a component of it.',
	SBOM_PACKUMENT_INVALID: 'Check the registry of the npm configuration, or leave out --packuments.',
};

export const toSbomError = (code: SbomCode, message: string, cause?: unknown): SlipwayError<SbomCode> =>
	new SlipwayError<SbomCode>(code, message, { hint: HINTS[code], cause });

/** Foreign text for a message: short, printable, in quotes. */
export const quote = (text: string): string => JSON.stringify(toPrintable(text, 120));
