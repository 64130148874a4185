import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPredicateKind, parseStatement, type Statement } from '@slipway/core/attestation';
import type { MadeRelease } from '../maker/slipway-release.ts';
import type { World } from '../world.ts';
import { readBundleJson } from './bundle-json.ts';
import type { Exhibit, SubjectFile } from './exhibit.ts';
import type { BundleKind, StatementKind } from './kinds.ts';

const KIND: BundleKind = { signer: 'keyless', witnesses: 'Rekor v1 + TSA' };

const toStatementKind = ({ predicateType, subject }: Statement): StatementKind => {
	const kind = findPredicateKind(predicateType);
	if (kind === undefined) throw new Error(`expected a predicate type of ours, got ${predicateType}`);
	return kind === 'provenance' && subject[0]?.name?.startsWith('pkg:npm/') ? 'npm provenance' : kind;
};

/** The file of the Release that the first subject names: by its path, its name, or (npm) by its purl's tarball. */
const findSubject = (folder: string, { subject }: Statement, tarball: string): SubjectFile => {
	const [first] = subject;
	const places = [first?.name ?? '', `artifacts/${first?.name}`, `artifacts/${tarball}`];
	const file = places.map((place) => join(folder, place)).find((place) => existsSync(place));
	if (!first || !file) throw new Error(`expected ${first?.name} in the Release`);
	const bytes = readFileSync(file);
	const algorithm = first.digest.sha256 === undefined ? 'sha512' : 'sha256';
	return { file, algorithm, digest: createHash(algorithm).update(bytes).digest('hex'), size: bytes.length };
};

/** Each bundle of a Release beside the file that it speaks of first. */
export const toReleaseExhibits = ({ folder, bundles }: MadeRelease, world: World): readonly Exhibit[] =>
	bundles.map((path) => {
		const file = join(folder, path);
		const { payload } = readBundleJson(readFileSync(file)).dsseEnvelope;
		const statement = parseStatement(Buffer.from(payload, 'base64'));
		const tarball = path.replace(/^attestations\/npm-(.*)\.sigstore\.json$/, '$1');
		return {
			statement: toStatementKind(statement),
			kind: KIND,
			tampering: 'as made',
			file,
			predicateType: statement.predicateType,
			subject: findSubject(folder, statement, tarball),
			expected: world.toExpected(KIND),
		};
	});
