import { parseReadySbom } from '@slipway/sbom';
import { toRelationsPart } from '../../../packages/sbom/src/deb/relations.ts';
import { CORPUS } from '../../../packages/sbom/src/fuzz-corpus.fixture.ts';
import { toLicenceReader } from '../../../packages/sbom/src/licence/parse-licence.ts';
import { GO_CYCLONEDX, SYFT_SPDX } from '../../../packages/sbom/src/merge/ready.fixture.ts';
import { parseFragmentHash, parseIntegrity } from '../../../packages/sbom/src/model/integrity.ts';
import { parsePerson } from '../../../packages/sbom/src/model/supplier.ts';
import { readNpmLock } from '../../../packages/sbom/src/npm/read-npm-lock.ts';
import { parseDepPath } from '../../../packages/sbom/src/pnpm/dep-path.ts';
import { PNPM_6, PNPM_9 } from '../../../packages/sbom/src/pnpm/pnpm.fixture.ts';
import { readPnpmLock } from '../../../packages/sbom/src/pnpm/read-pnpm-lock.ts';
import { NPM_LOCK } from '../../../packages/sbom/src/sample.fixture.ts';
import { parseManifest, toManifestFacts } from '../../../packages/sbom/src/tree/manifest.ts';
import { parseLocator } from '../../../packages/sbom/src/yarn/locator.ts';
import { readYarnLock } from '../../../packages/sbom/src/yarn/read-yarn-lock.ts';
import { YARN_1, YARN_BERRY } from '../../../packages/sbom/src/yarn/yarn.fixture.ts';
import type { Target } from '../target.ts';
import { NEVER, ofBytes, ofText, toJsonSeeds } from '../text.ts';

const SBOM = /^(?:SBOM|JSON|PURL)_/;
const readLicence = toLicenceReader();

export const SBOM_TARGETS: readonly Target[] = [
	ofBytes('package-lock.json', SBOM, {
		seeds: toJsonSeeds(NPM_LOCK),
		words: CORPUS,
		read: (bytes) => readNpmLock(bytes, { source: 'it', readLicence }),
	}),
	ofBytes('pnpm-lock.yaml', SBOM, {
		seeds: [PNPM_6, PNPM_9, `${'\n'.repeat(200_000)}x`],
		words: CORPUS,
		read: (bytes) => readPnpmLock(bytes, { source: 'it', folder: '/nowhere' }),
	}),
	ofBytes('yarn.lock', SBOM, {
		seeds: [YARN_1, YARN_BERRY],
		words: CORPUS,
		read: (bytes) => readYarnLock(bytes, { source: 'it', folder: '/nowhere' }),
	}),
	ofBytes('ready SBOM', SBOM, {
		seeds: toJsonSeeds(GO_CYCLONEDX, SYFT_SPDX),
		words: CORPUS,
		read: (bytes) => parseReadySbom(bytes, 'it'),
	}),
	ofBytes('installed package.json', SBOM, {
		seeds: ['{"name":"a","version":"1","license":["MIT",{"type":"ISC"}],"author":"A <a@b.c> (https://d.e)"}'],
		words: CORPUS,
		read: (bytes) => {
			const manifest = parseManifest(bytes, 'it');
			if (manifest) toManifestFacts(manifest, readLicence);
		},
	}),
	ofText('Depends', SBOM, {
		seeds: ['libc6 (>= 2.34), perl:any, aa | bb (= 1:2.0-1) [amd64] <!nocheck> <a b>', 'a (', 'a <<<<'],
		words: ['<', '>', '(', ')', '[', ']', ' | ', ', ', '$', '{shlibs:Depends}', '   '],
		read: (text) => toRelationsPart(new Map([['Depends', text]])),
	}),
	ofText('licence', NEVER, {
		seeds: ['MIT OR (Apache-2.0 AND BSD-3-Clause WITH x)', '((((MIT))))', 'GPL 2', 'SEE LICENSE IN a'],
		words: ['(', ')', ' OR ', ' AND ', ' WITH ', '+', 'LicenseRef-', 'DocumentRef-a:'],
		read: (text) => toLicenceReader()(text),
	}),
	ofText('words of lockfiles', NEVER, {
		seeds: [
			'@a/b@1.0.0(c@1)(d@2)',
			'a@npm:1.0.0::__archiveUrl=x',
			'sha512-AAAA sha1-BBBB',
			'https://r.example/a.tgz#0123456789012345678901234567890123456789',
			'Ada <ada@example.org> (https://example.org)',
		],
		words: CORPUS,
		read: (text) =>
			[parseDepPath, parseLocator, parseIntegrity, parseFragmentHash, parsePerson].map((parse) =>
				parse(text),
			),
	}),
];
