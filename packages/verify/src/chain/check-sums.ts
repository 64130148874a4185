import { listPaths } from './check-materials.ts';
import type { Evidence } from './evidence.ts';
import { type LinkProblem, toProblem } from './problem.ts';
import type { RecordLink } from './records.ts';

const SUMS = 'SHA256SUMS';
const MANIFEST = 'manifest.json';

/** `<sha256>  <path>` a line, as sha256sum writes and reads it; undefined for anything else. */
const parseSums = (bytes: Uint8Array): ReadonlyMap<string, string> | undefined => {
	const sums = new Map<string, string>();
	const lines = new TextDecoder().decode(bytes).split('\n');
	if (lines.pop() !== '') return undefined;
	for (const line of lines) {
		const [, sha256, path] = /^([0-9a-f]{64}) {2}([^\p{Cc}\\]{1,1024})$/u.exec(line) ?? [];
		if (sha256 === undefined || path === undefined || sums.has(path)) return undefined;
		sums.set(path, sha256);
	}
	return sums;
};

const checkLines = (evidence: Evidence, sums: ReadonlyMap<string, string>): LinkProblem[] => {
	const expected = [...listPaths(evidence, 'artifacts'), ...listPaths(evidence, 'sbom')];
	const missing = expected.filter((path) => !sums.has(path));
	return [
		...missing.map((path) => toProblem('VERIFY_CHAIN_MISMATCH', path, `is not listed in ${SUMS}`)),
		...[...sums].flatMap(([path, sha256]) => {
			const found = evidence.files.get(path);
			if (!found)
				return [toProblem('VERIFY_CHAIN_MISSING', path, `expected the file that ${SUMS} lists, found none`)];
			return found.digest.sha256 === sha256
				? []
				: [
						toProblem(
							'VERIFY_CHAIN_CHANGED',
							path,
							`expected sha256 ${sha256} as ${SUMS} lists it, got ${found.digest.sha256}`,
						),
					];
		}),
	];
};

/** The manifest is part of what was signed: it says which package each artifact is. */
const checkManifest = (
	{ files }: Evidence,
	sums: ReadonlyMap<string, string>,
	records: readonly RecordLink[],
): LinkProblem[] => {
	const sha256 = files.get(MANIFEST)?.digest.sha256;
	const named = records.flatMap(({ record }) =>
		[...record.inputs, ...record.outputs]
			.filter(({ name }) => name === MANIFEST)
			.map(({ digest }) => digest.sha256),
	);
	const claims = [...named, ...(sums.has(MANIFEST) ? [sums.get(MANIFEST)] : [])];
	if (claims.length === 0)
		return [
			toProblem('VERIFY_CHAIN_MISMATCH', MANIFEST, `is neither listed in ${SUMS} nor named by a record`),
		];
	return claims.every((claim) => claim === sha256)
		? []
		: [toProblem('VERIFY_CHAIN_CHANGED', MANIFEST, 'is not the manifest that was signed')];
};

/** SHA256SUMS lists every artifact and SBOM, truly, and it is signed; so is the manifest. */
export const checkSums = (
	evidence: Evidence,
	records: readonly RecordLink[],
	isSigned: boolean,
): LinkProblem[] => {
	const file = evidence.files.get(SUMS);
	if (!file?.bytes)
		return [toProblem('VERIFY_CHAIN_MISSING', SUMS, 'expected the list of checksums, found none')];
	const sums = parseSums(file.bytes);
	if (!sums) return [toProblem('VERIFY_CHAIN_CHANGED', SUMS, 'is not in the form that sha256sum reads')];
	return [
		...(isSigned
			? []
			: [
					toProblem(
						'VERIFY_CHAIN_MISSING',
						`attestations/${SUMS}.sigstore.json`,
						`expected the signature of ${SUMS}, found none`,
					),
				]),
		...checkLines(evidence, sums),
		...checkManifest(evidence, sums, records),
	];
};
