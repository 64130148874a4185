import type { Evidence } from './evidence.ts';
import { GATE_FILES, SBOM_SUFFIXES, toSbomPath } from './place.ts';
import { type LinkProblem, toProblem } from './problem.ts';
import type { RecordLink } from './records.ts';

const toKnown = ({ manifest }: Evidence): Set<string> =>
	new Set([
		'manifest.json',
		'SHA256SUMS',
		...manifest.artifacts.flatMap(({ name, path }) => [
			path,
			...(Object.keys(SBOM_SUFFIXES) as (keyof typeof SBOM_SUFFIXES)[]).map((kind) => toSbomPath(kind, name)),
		]),
	]);

/** A file of the gate counts when the gate's record gives it out. */
const isOfGate = (path: string, records: readonly RecordLink[]): boolean =>
	(GATE_FILES as readonly string[]).includes(path) &&
	records.some(({ stage, record }) => stage === 'gate' && record.outputs.some(({ name }) => name === path));

/** Records and attestations are read one by one, and what is none of them is refused there. */
const isReadApart = (path: string): boolean =>
	/^records\/[^/]+\.json$/.test(path) || path.startsWith('attestations/');

/** Every file of the folder has a place in the chain. */
export const checkPlaces = (evidence: Evidence, records: readonly RecordLink[]): LinkProblem[] => {
	const known = toKnown(evidence);
	return [...evidence.files.keys()]
		.filter((path) => !known.has(path) && !isReadApart(path) && !isOfGate(path, records))
		.map((path) => toProblem('VERIFY_CHAIN_UNKNOWN', path, 'belongs to nothing in this Release'));
};

/** Every artifact of the manifest lies there with its size and digests. */
export const checkArtifacts = ({ manifest, files }: Evidence): LinkProblem[] =>
	manifest.artifacts.flatMap(({ path, size, digest }) => {
		const found = files.get(path);
		if (!found) return [toProblem('VERIFY_CHAIN_MISSING', path, 'expected the artifact, found none')];
		const isSame =
			found.size === size &&
			found.digest.sha256 === digest.sha256 &&
			(digest.sha512 ?? found.digest.sha512) === found.digest.sha512;
		return isSame
			? []
			: [
					toProblem(
						'VERIFY_CHAIN_CHANGED',
						path,
						`expected ${size} bytes with sha256 ${digest.sha256}, got ${found.size} bytes with sha256 ${found.digest.sha256}`,
					),
				];
	});
