import type { Descriptor } from '@slipway/core';
import type { Evidence } from './evidence.ts';
import { type LinkProblem, toProblem } from './problem.ts';
import { isFile, type RecordLink } from './records.ts';

/** What a stage has to take in and give out, for what the next one relies on. */
interface Materials {
	readonly evidence: Evidence;
	readonly records: readonly RecordLink[];
}

const PSEUDO: ReadonlySet<string> = new Set(['policy', 'plan']);

/** Artifacts go by their names, everything else by its path in the Release. */
const toPath = ({ manifest }: Evidence, name: string): string =>
	manifest.artifacts.find((artifact) => artifact.name === name)?.path ?? name;

const toArtifactPaths = ({ manifest }: Evidence): string[] => manifest.artifacts.map(({ path }) => path);

export const listPaths = ({ files }: Evidence, folder: string): string[] =>
	[...files.keys()].filter((path) => path.startsWith(`${folder}/`));

const checkBytes = (evidence: Evidence, link: RecordLink, named: Descriptor): LinkProblem[] => {
	const path = toPath(evidence, named.name);
	const file = evidence.files.get(path);
	if (!file)
		return [toProblem('VERIFY_CHAIN_MISSING', path, `expected the file that ${link.path} names, found none`)];
	if (isFile(named, file.digest)) return [];
	const { sha256 } = named.digest;
	return [
		toProblem(
			'VERIFY_CHAIN_CHANGED',
			path,
			`expected sha256 ${sha256}, which ${link.path} names, got ${file.digest.sha256}`,
		),
	];
};

/** Every file that a record names holds these bytes now. */
const checkAllBytes = ({ evidence, records }: Materials): LinkProblem[] =>
	records.flatMap((link) =>
		[...link.record.inputs, ...link.record.outputs]
			.filter(({ name }) => !PSEUDO.has(name))
			.flatMap((named) => checkBytes(evidence, link, named)),
	);

type Side = 'inputs' | 'outputs';

const toNamed = (evidence: Evidence, links: readonly RecordLink[], side: Side): Set<string> =>
	new Set(links.flatMap(({ record }) => record[side].map(({ name }) => toPath(evidence, name))));

/** All records of a stage together name exactly these files on one side. */
const checkSide = (
	{ evidence, records }: Materials,
	{
		stage,
		side,
		expected,
		exact = true,
	}: { stage: RecordLink['stage']; side: Side; expected: readonly string[]; exact?: boolean },
): LinkProblem[] => {
	const links = records.filter((link) => link.stage === stage);
	const [first] = links;
	if (!first) return [];
	const named = toNamed(evidence, links, side);
	const missing = expected.filter((path) => !named.has(path));
	const extra = exact ? [...named].filter((path) => !expected.includes(path) && !PSEUDO.has(path)) : [];
	return [
		...missing.map((path) =>
			toProblem('VERIFY_CHAIN_MISMATCH', path, `is not among the ${side} of ${first.path}`),
		),
		...extra.map((path) =>
			toProblem(
				'VERIFY_CHAIN_MISMATCH',
				first.path,
				`has ${JSON.stringify(path.slice(0, 200))} among its ${side}, which has no place there`,
			),
		),
	];
};

/** A test looks at what its own runner built: one of several need not take in everything. */
const checkTaken = ({ evidence, records }: Materials, stage: 'test' | 'reproduce'): LinkProblem[] => {
	const artifacts = toArtifactPaths(evidence);
	return records
		.filter((link) => link.stage === stage)
		.filter(({ record }) => {
			const paths = record.inputs.map(({ name }) => toPath(evidence, name));
			return paths.length === 0 || paths.some((path) => !artifacts.includes(path));
		})
		.map(({ path }) => toProblem('VERIFY_CHAIN_MISMATCH', path, 'takes in other files than the artifacts'));
};

const findPseudo = (records: readonly RecordLink[], stage: RecordLink['stage'], side: Side, name: string) =>
	records
		.filter((link) => link.stage === stage)
		.flatMap((link) =>
			link.record[side].filter((named) => named.name === name).map(({ digest }) => ({ link, digest })),
		);

/** What was planned is what was published. */
const checkPlan = ({ records }: Materials): LinkProblem[] => {
	const plans = findPseudo(records, 'plan', 'outputs', 'plan');
	const used = findPseudo(records, 'publish', 'inputs', 'plan');
	return used
		.filter(({ digest }) => plans.length > 0 && !plans.some((plan) => plan.digest.sha256 === digest.sha256))
		.map(({ link, digest }) =>
			toProblem(
				'VERIFY_CHAIN_MISMATCH',
				link.path,
				`published plan ${digest.sha256}, which is not the plan of this Release`,
			),
		);
};

/** Digest of the policy under which the gate ran; null: under the built-in defaults; undefined: no gate ran. */
export const findGatePolicy = (records: readonly RecordLink[]): string | null | undefined =>
	records.some(({ stage }) => stage === 'gate')
		? (findPseudo(records, 'gate', 'inputs', 'policy')[0]?.digest.sha256 ?? null)
		: undefined;

const listSboms = (evidence: Evidence): string[] => listPaths(evidence, 'sbom');

/**
 * What earlier stages gave out is what later ones took in: artifacts from build to publish, SBOMs, checksums, the gate's
 * report, the plan. Every file that a record names is there and holds the bytes that it held then.
 */
export const checkMaterials = (materials: Materials): LinkProblem[] => {
	const { evidence } = materials;
	const artifacts = toArtifactPaths(evidence);
	const sboms = listSboms(evidence);
	const gate = materials.records.some(({ stage }) => stage === 'gate') ? ['gate/report.json'] : [];
	return [
		...checkAllBytes(materials),
		...checkSide(materials, { stage: 'build', side: 'outputs', expected: artifacts }),
		...checkTaken(materials, 'test'),
		...checkTaken(materials, 'reproduce'),
		...checkSide(materials, { stage: 'sbom', side: 'inputs', expected: artifacts }),
		...checkSide(materials, { stage: 'sbom', side: 'outputs', expected: sboms }),
		...checkSide(materials, {
			stage: 'sign',
			side: 'inputs',
			expected: [...artifacts, ...sboms, 'SHA256SUMS'],
			exact: false,
		}),
		...checkSide(materials, {
			stage: 'gate',
			side: 'inputs',
			expected: [...artifacts, ...sboms],
			exact: false,
		}),
		...checkSide(materials, { stage: 'gate', side: 'outputs', expected: gate, exact: false }),
		...checkSide(materials, {
			stage: 'plan',
			side: 'inputs',
			expected: [...artifacts, ...gate],
			exact: false,
		}),
		...checkPlan(materials),
	];
};
